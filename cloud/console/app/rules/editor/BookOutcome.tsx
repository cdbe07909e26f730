import type { BookResult } from '../../../../../shared/console/trials.ts'
import { worthKopecks } from '../../../../../shared/money.ts'
import { useFormats } from '../../format.ts'
import { Examples, Skipped } from '../../trials/Examples.tsx'
import { Shares } from '../../trials/Shares.tsx'
import { trialWords } from '../../trials/words.ts'
import { useWords } from '../../words.ts'
import { saidPeriod } from '../period.ts'
import { ruleWords } from '../words.ts'
import { bookEditorWords } from './words.ts'

/** What purchases would have earned by a book, beside what they did. */
export function BookOutcome({ result, days }: { result: BookResult; days: number }) {
  const texts = useWords(bookEditorWords)
  const of = useWords(trialWords)
  const about = useWords(ruleWords)
  const formats = useFormats()
  const { whole, signed } = formats
  const { points, purchases, customers, rules, stores, budgets, countedAnew } = result
  const beside = ({ before, after }: { before: number; after: number }) => (
    <span title={`${whole(before)} → ${whole(after)}`}>{signed(after - before)}</span>
  )
  const ends = (end: BookResult['budgets'][number]['end']) =>
    end ? [(end.isSeen ? texts.usedUp : texts.lasts)(formats.calendarDay(end.on))] : []
  return (
    <>
      <div className="effect">
        <strong>
          {points.after > points.before && '+'}
          {formats.roubles(worthKopecks(points.after - points.before))}
        </strong>
        <span>{texts.wouldCost(of.days(days))}</span>
      </div>
      <ul className="plain told">
        <li>{texts.ofPoints(formats.points(points.after), whole(points.before), whole(purchases))}</li>
        <li>{texts.ofCustomers(whole(customers.better), whole(customers.worse), whole(customers.same))}</li>
      </ul>
      {purchases > 0 && (
        <>
          <Shares
            title={of.rules}
            shares={rules.map(({ id, title, awards, ...sums }) => ({
              ...{ key: id ?? '', name: id === null ? texts.cashback : (title ?? id), share: null },
              ...{ beside: of.awards(whole(awards)), said: beside(sums) },
            }))}
          />
          <Shares
            title={of.stores}
            shares={stores.map(({ id, name, ...sums }) => ({
              ...{ key: id, name, share: null, beside: whole(sums.after), said: beside(sums) },
            }))}
          />
        </>
      )}
      {budgets.length > 0 && (
        <Shares
          title={texts.budgets}
          shares={budgets.map(({ id, title, period, store, after, limit, end }) => ({
            ...{ key: `${id} ${period} ${store}`, share: null, said: whole(after) },
            name: [
              title,
              ...(period === 'total' ? [] : [saidPeriod(period, about, formats)]),
              ...(store ? [store] : []),
            ].join(' · '),
            beside: limit === null ? texts.noLimit : [texts.ofLimit(whole(limit)), ...ends(end)].join(', '),
          }))}
        />
      )}
      <Examples of={result.examples} />
      <Skipped of={result.skipped} />
      {countedAnew > 0 && <p className="soft">{of.anew(whole(countedAnew))}</p>}
    </>
  )
}
