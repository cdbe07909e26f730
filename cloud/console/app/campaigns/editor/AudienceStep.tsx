import { Link } from '@tanstack/react-router'
import type { Audience } from '../../../../../shared/console/campaigns.ts'
import { useFormats } from '../../format.ts'
import { Field } from '../../kit/Field.tsx'
import { Time } from '../../kit/Page.tsx'
import { Shown } from '../../kit/Shown.tsx'
import { type Column, Table } from '../../kit/Table.tsx'
import { useReading } from '../../reading.ts'
import type { Fault } from '../../rules/rule/draft.ts'
import { NumberField } from '../../rules/rule/NumberField.tsx'
import { useWords } from '../../words.ts'
import { editorWords } from './words.ts'

interface Wanted {
  programme: string | undefined
  segment: string
  holdout: unknown
  fault: Fault | undefined
  /** Its people are chosen, and stay. */
  isChosen: boolean
  onChange: (change: { audience?: string; holdout_percent?: unknown }) => void
}

type Example = Audience['examples'][number]

/** Whom a campaign is for, how many that is now, and some of them. */
export function AudienceStep({ programme, segment, holdout, fault, isChosen, onChange }: Wanted) {
  const texts = useWords(editorWords)
  const formats = useFormats()
  const { whole } = formats
  const read = useReading<Audience>('/v1/console/audience', { programme, segment })
  const columns: Column<Example>[] = [
    {
      name: 'card',
      title: texts.card,
      cell: ({ id, card }) => (
        <Link to="/customers/$id" params={{ id: String(id) }}>
          {formats.card(card)}
        </Link>
      ),
    },
    { name: 'name', title: texts.firstName, isWide: true, cell: ({ firstName }) => firstName ?? '—' },
    { name: 'purchases', title: texts.purchases, isNumber: true, cell: ({ purchases }) => whole(purchases) },
    {
      name: 'bought',
      title: texts.bought,
      isNumber: true,
      cell: ({ netKopecks }) => formats.roubles(netKopecks),
    },
    { name: 'last', title: texts.last, cell: ({ lastPurchaseAt }) => <Time at={lastPurchaseAt} /> },
  ]
  const percent = typeof holdout === 'number' && holdout >= 0 && holdout <= 90 ? holdout : 0
  if (isChosen) return <p className="note">{texts.chosen}</p>
  return (
    <>
      <div className="fields">
        <Field
          title={texts.segment}
          value={segment}
          choices={
            read.data?.segments.map(({ name, title }) => ({ value: name, title })) ?? [
              { value: segment, title: segment },
            ]
          }
          onChange={(audience) => onChange({ audience })}
        />
        <NumberField
          title={texts.holdout}
          hint={texts.holdoutHint}
          value={holdout}
          fault={fault}
          onChange={(holdout_percent) => onChange({ holdout_percent })}
        />
      </div>
      <Shown of={read} lines={2}>
        {({ members, customers, inTelegram, examples }) => {
          const left = Math.round((members * percent) / 100)
          return (
            <>
              <p role="status">
                <b>{texts.fits(whole(members), whole(customers))}</b>
                {members > 0 && (
                  <span className="soft">
                    {' · '}
                    {texts.reached(whole(members - left), whole(left))} ·{' '}
                    {texts.inTelegram(whole(inTelegram))}
                  </span>
                )}
              </p>
              {examples.length === 0 ? (
                <p className="soft">{texts.noExamples}</p>
              ) : (
                <details>
                  <summary>{texts.examples}</summary>
                  <Table
                    label={texts.examples}
                    columns={columns}
                    rows={examples}
                    keyOf={({ id }) => id}
                    isDense
                  />
                </details>
              )}
            </>
          )
        }}
      </Shown>
    </>
  )
}
