import type { CampaignResult } from '../../../../shared/console/trials.ts'
import { worthKopecks } from '../../../../shared/money.ts'
import { useFormats } from '../format.ts'
import { Examples, Skipped } from '../trials/Examples.tsx'
import { Shares } from '../trials/Shares.tsx'
import { trialWords } from '../trials/words.ts'
import { useWords } from '../words.ts'
import { campaignWords } from './words.ts'

/** What a campaign would have cost. */
export function CampaignOutcome({ result, days }: { result: CampaignResult; days: number }) {
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
