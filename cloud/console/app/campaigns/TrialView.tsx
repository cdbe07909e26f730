import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Trial, TrialResult } from '../../../../shared/console/campaigns.ts'
import { worthKopecks } from '../../../../shared/money.ts'
import { ask } from '../api.ts'
import { useFormats } from '../format.ts'
import { usePlace } from '../kit/place.ts'
import { problemOf } from '../problem.ts'
import { problemText, problemWords } from '../problemWords.ts'
import { useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { campaignWords } from './words.ts'

export const isOpen = (trial: Trial | null | undefined) =>
  trial?.state === 'waiting' || trial?.state === 'running'

/** Asks for a trial, or gives it up; how it stands is read with the campaign. */
export function useTrial() {
  const { csrf } = useSession()
  const client = useQueryClient()
  const { programme } = usePlace()
  return useMutation({
    async mutationFn({ name, days }: { name: string; days: number | null }) {
      await ask(days === null ? 'DELETE' : 'POST', `/v1/console/campaigns/${name}/trial`, {
        query: { programme, ...(days !== null && { days }) },
        headers: { 'x-csrf-token': csrf },
      })
    },
    onSettled: () => client.invalidateQueries(),
  })
}

interface Wanted {
  trial: Trial
  /** Why what it says is not of what is seen now. */
  stale: string | null
  onStop: (() => void) | null
}

/** How far a trial is, or what it said. */
export function TrialView({ trial, stale, onStop }: Wanted) {
  const texts = useWords(campaignWords)
  const { whole } = useFormats()
  const { state, judged, purchases, result, problem, days } = trial
  if (isOpen(trial))
    return (
      <div className="stack">
        <p role="status">
          {state === 'waiting' || purchases === null
            ? texts.waiting
            : texts.running(whole(judged), whole(purchases))}
        </p>
        <progress
          aria-label={texts.progress}
          max={purchases ?? 1}
          {...(purchases !== null && { value: judged })}
        />
        {onStop && (
          <div className="actions">
            <button type="button" onClick={onStop}>
              {texts.stop}
            </button>
          </div>
        )}
      </div>
    )
  if (state === 'failed') return <p className="problem">{texts.failed(problem ?? '')}</p>
  if (!result) return <p className="note">{texts.cancelled}</p>
  return (
    <div className="stack">
      {stale && <p className="note warn">{stale}</p>}
      <Outcome result={result} days={days} />
    </div>
  )
}

function Outcome({ result, days }: { result: TrialResult; days: number }) {
  const texts = useWords(campaignWords)
  const formats = useFormats()
  const { whole } = formats
  const { points, gift, purchases, customers, stores, rules, countedAnew } = result
  const most = Math.max(1, ...stores.map(({ points }) => points))
  return (
    <>
      <div className="effect">
        <strong>{formats.roubles(worthKopecks(points + gift.points))}</strong>
        <span>{texts.wouldCost(texts.days(days))}</span>
      </div>
      <ul className="plain told">
        {rules.length > 0 && <li>{texts.ofRules(formats.points(points), whole(purchases))}</li>}
        {gift.points > 0 && (
          <li>{texts.ofGift(formats.points(gift.points), whole(gift.people), gift.people)}</li>
        )}
        {rules.length > 0 && <li>{texts.some(whole(customers.some), customers.some)}</li>}
        {customers.many > 0 && (
          <li>{texts.many(whole(customers.many), customers.many, formats.points(customers.above))}</li>
        )}
      </ul>
      {points > 0 && (
        <div>
          <h3>{texts.stores}</h3>
          <ul className="plain shares">
            {stores.map(({ id, name, points }) => (
              <li key={id}>
                <span>{name}</span>
                <span className="track" aria-hidden="true">
                  <i style={{ width: `${(points / most) * 100}%` }} />
                </span>
                <b>{whole(points)}</b>
              </li>
            ))}
          </ul>
        </div>
      )}
      {rules.length > 1 && (
        <div>
          <h3>{texts.rules}</h3>
          <ul className="plain shares">
            {rules.map(({ id, title, points, awards }) => (
              <li key={id}>
                <span>{title}</span>
                <span className="soft">{texts.awards(whole(awards))}</span>
                <b>{whole(points)}</b>
              </li>
            ))}
          </ul>
        </div>
      )}
      {countedAnew > 0 && <p className="soft">{texts.anew(whole(countedAnew))}</p>}
    </>
  )
}

/** Why a trial was not asked for. */
export function TrialProblem({ of: error }: { of: Error | null }) {
  const said = useWords(problemWords)
  if (!error) return null
  return (
    <p className="problem" role="alert">
      {problemText(said, problemOf(error), true)}
    </p>
  )
}
