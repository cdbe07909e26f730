import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CampaignResult, CampaignTrial } from '../../../../shared/console/trials.ts'
import { worthKopecks } from '../../../../shared/money.ts'
import { ask } from '../api.ts'
import { useFormats } from '../format.ts'
import { usePlace } from '../kit/place.ts'
import { useSession } from '../session.ts'
import { Examples, Skipped } from '../trials/Examples.tsx'
import { Shares } from '../trials/Shares.tsx'
import { TrialFrame } from '../trials/TrialFrame.tsx'
import { trialWords } from '../trials/words.ts'
import { useWords } from '../words.ts'
import { campaignWords } from './words.ts'

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
  trial: CampaignTrial
  /** Why what it says is not of what is seen now. */
  stale: string | null
  onStop: (() => void) | null
}

/** How far a trial is, or what it said. */
export function TrialView({ trial, stale, onStop }: Wanted) {
  return (
    <TrialFrame trial={trial} stale={stale} onStop={onStop}>
      {(result) => <Outcome result={result} days={trial.days} />}
    </TrialFrame>
  )
}

function Outcome({ result, days }: { result: CampaignResult; days: number }) {
  const texts = useWords(campaignWords)
  const of = useWords(trialWords)
  const formats = useFormats()
  const { whole } = formats
  const { points, gift, purchases, customers, stores, rules, countedAnew } = result
  const most = Math.max(1, ...stores.map(({ points }) => points))
  return (
    <>
      <div className="effect">
        <strong>{formats.roubles(worthKopecks(points + gift.points))}</strong>
        <span>{texts.wouldCost(of.days(days))}</span>
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
      <BudgetEnd of={result.budget} />
      {points > 0 && (
        <Shares
          title={of.stores}
          shares={stores.map(({ id, name, points }) => ({
            ...{ key: id, name, share: points / most, said: whole(points) },
          }))}
        />
      )}
      {rules.length > 1 && (
        <Shares
          title={of.rules}
          shares={rules.map(({ id, title, points, awards }) => ({
            ...{ key: id, name: title, share: null, beside: of.awards(whole(awards)), said: whole(points) },
          }))}
        />
      )}
      <Examples of={result.examples} />
      <Skipped of={result.skipped} />
      {countedAnew > 0 && <p className="soft">{of.anew(whole(countedAnew))}</p>}
    </>
  )
}

/** When its budget would be used up. */
function BudgetEnd({ of: budget }: { of: CampaignResult['budget'] }) {
  const texts = useWords(campaignWords)
  const { points, calendarDay } = useFormats()
  if (!budget) return null
  const { lastsDays, usedUpOn, isSeen } = budget
  const [limit, needed] = [points(budget.limit), points(budget.needed)]
  if (lastsDays === null || usedUpOn === null) return <p>{texts.budgetLong(limit, needed)}</p>
  const [begins, on] = [calendarDay(budget.begins), calendarDay(usedUpOn)]
  if (!isSeen) return <p>{texts.budgetLasts(limit, needed, begins, on)}</p>
  return (
    <p className="note warn">
      {texts.budgetSeen(limit, lastsDays, begins, on)}{' '}
      {budget.needed > budget.limit && texts.unbounded(needed)}
    </p>
  )
}
