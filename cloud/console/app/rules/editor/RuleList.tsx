import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { newId } from '../../../../../shared/id.ts'
import type { BookDocument } from '../../../../../shared/rules/book.ts'
import { presets } from '../../../../../shared/rules/presets.ts'
import { type Rule, ruleSchema } from '../../../../../shared/rules/rule.ts'
import { Field } from '../../kit/Field.tsx'
import { Chip } from '../../kit/Page.tsx'
import { useWords } from '../../words.ts'
import { emptyRule, type RuleDraft } from '../rule/draft.ts'
import { type Known, titlesOf } from '../rule/known.ts'
import { RuleForm } from '../rule/RuleForm.tsx'
import { saidRule, saidTerms } from '../rule/said.ts'
import { useSaying } from '../rule/useSaying.ts'
import { type DraftRule, newRule, ruleOf } from './draft.ts'
import { movedDown, movedUp } from './order.ts'
import type { useDraft } from './useDraft.ts'
import { bookEditorWords } from './words.ts'

interface Wanted {
  book: ReturnType<typeof useDraft>
  /** In the book that holds now. */
  before: BookDocument['rules']
  known: Known
}

/** The rules of a book in the order in which they are judged; one of them may be open as a form. */
export function RuleList({ book, before, known }: Wanted) {
  const texts = useWords(bookEditorWords)
  const [preset, setPreset] = useState('')
  const { rules } = book.draft
  const own = rules.filter(({ rule }) => rule.campaign === undefined)
  const ofCampaigns = rules.filter(({ rule }) => rule.campaign !== undefined)
  const change = (own: DraftRule[]) => book.set({ rules: [...own, ...ofCampaigns] })
  const set = (key: string, changes: Partial<DraftRule>) =>
    change(own.map((each) => (each.key === key ? { ...each, ...changes } : each)))
  function add(like: RuleDraft) {
    const added = newRule(newId().slice(-4), like)
    book.open(added.key, [...rules, added])
  }
  const was = new Map(before.map((rule) => [rule.id, JSON.stringify(rule)]))
  const stateOf = (drafted: DraftRule) => {
    if (drafted.isGone) return 'gone'
    const old = was.get(drafted.key)
    if (old === undefined) return 'new'
    const now = ruleSchema.safeParse(ruleOf(drafted)).data
    return now && JSON.stringify(now) === old ? null : 'changed'
  }

  return (
    <>
      {own.length === 0 && <p className="soft">{texts.noRules}</p>}
      <ol className="plain rules">
        {own.map((drafted, place) => {
          const { key, rule, isGone } = drafted
          const title = String(rule.title || texts.untitled)
          return (
            <li key={key}>
              {key === book.openRule && !isGone ? (
                <RuleForm
                  legend={title}
                  rule={rule}
                  ofBook={known}
                  faultAt={(path) => book.faultOfRule(key, path)}
                  onChange={(rule) => set(key, { rule })}
                  actions={
                    <button type="button" className="main" onClick={() => book.open(null)}>
                      {texts.finish}
                    </button>
                  }
                />
              ) : (
                <Row
                  drafted={drafted}
                  title={title}
                  known={known}
                  state={book.isFaultyRule(key) ? 'faulty' : stateOf(drafted)}
                  isFirst={place === 0}
                  isLast={place === own.length - 1}
                  onDo={(deed) => {
                    if (deed === 'change') book.open(key)
                    if (deed === 'copy') add({ ...rule, title: texts.copyOf(title) })
                    if (deed === 'up') change(movedUp(own, key))
                    if (deed === 'down') change(movedDown(own, key))
                    if (deed === 'putBack') set(key, { isGone: false })
                    if (deed === 'remove') {
                      if (was.has(key)) set(key, { isGone: true })
                      else change(own.filter((each) => each.key !== key))
                    }
                  }}
                />
              )}
            </li>
          )
        })}
      </ol>
      <div className="actions adding">
        <button type="button" onClick={() => add(emptyRule)}>
          {texts.add}
        </button>
        <Field
          title={texts.addPreset}
          value={preset}
          choices={[{ value: '', title: '—' }, ...presets.map(({ name, title }) => ({ value: name, title }))]}
          onChange={(name) => {
            const found = presets.find((preset) => preset.name === name)
            if (found) add(found.rule)
            setPreset('')
          }}
        />
      </div>
      {ofCampaigns.length > 0 && (
        <>
          <h3>{texts.ofCampaigns}</h3>
          <ul className="plain">
            {ofCampaigns.map(({ key, rule }) => (
              <li key={key}>
                <Link to="/campaigns/$name" params={{ name: String(rule.campaign) }}>
                  {String(rule.title)}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

type Deed = 'change' | 'copy' | 'up' | 'down' | 'remove' | 'putBack'
const tones = { new: 'good', changed: 'warn', gone: 'bad', faulty: 'bad' } as const

interface RowWanted {
  drafted: DraftRule
  title: string
  known: Known
  state: keyof typeof tones | null
  isFirst: boolean
  isLast: boolean
  onDo: (deed: Deed) => void
}

function Row({ drafted, title, known, state, isFirst, isLast, onDo }: RowWanted) {
  const texts = useWords(bookEditorWords)
  const deeds: Deed[] = drafted.isGone
    ? ['putBack']
    : [...(isFirst ? [] : ['up' as const]), ...(isLast ? [] : ['down' as const]), 'change', 'copy', 'remove']
  return (
    <div className={drafted.isGone ? 'ruled gone' : 'ruled'}>
      <div>
        <b>{title}</b> {state && <Chip tone={tones[state]}>{texts.states[state]}</Chip>}
        <Told drafted={drafted} known={known} />
      </div>
      <div className="actions">
        {deeds.map((deed) => (
          <button
            key={deed}
            type="button"
            className={deed === 'up' || deed === 'down' ? 'quiet' : undefined}
            aria-label={`${texts.deeds[deed]}: ${title}`}
            onClick={() => onDo(deed)}
          >
            {deed === 'up' ? '↑' : deed === 'down' ? '↓' : texts.deeds[deed]}
          </button>
        ))}
      </div>
    </div>
  )
}

/** What it gives and for which purchases, and below it the rest. */
function Told({ drafted, known }: Pick<RowWanted, 'drafted' | 'known'>) {
  const texts = useWords(bookEditorWords)
  const saying = useSaying(titlesOf(known))
  const rule: Rule | undefined = ruleSchema.safeParse({ ...(ruleOf(drafted) as object), title: '—' }).data
  if (!rule) return <p className="soft">{texts.unfinished}</p>
  const terms = saidTerms(rule, saying)
  return (
    <>
      <p>{saidRule(rule, saying)}</p>
      {terms.length > 0 && <p className="soft">{terms.join(' · ')}</p>}
    </>
  )
}
