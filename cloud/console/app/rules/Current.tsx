import type { BudgetGiven } from '../../../../shared/console/books.ts'
import { bookDocumentSchema } from '../../../../shared/rules/book.ts'
import { builtInSegments } from '../../../../shared/segments/builtIn.ts'
import { useFormats } from '../format.ts'
import { type Fact, Facts } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { useWords } from '../words.ts'
import { said } from './Differences.tsx'
import { baseFields } from './fields.ts'
import { saidPeriod } from './period.ts'
import type { Books } from './Rules.tsx'
import { choicesOf, titlesOf } from './rule/known.ts'
import { saidRule, saidTerms } from './rule/said.ts'
import { useSaying } from './rule/useSaying.ts'
import { useCurrent } from './useBook.ts'
import { ruleWords } from './words.ts'

/** By what a purchase of now is judged. */
export function Current({ books, programme }: { books: Books['books']; programme: string | undefined }) {
  const texts = useWords(ruleWords)
  const formats = useFormats()
  const words = useSaying()
  const book = useCurrent(books, programme)
  const document = book.data && bookDocumentSchema.safeParse(book.data.document).data
  if (!document) return null
  const { base, rules, statuses, budgets } = document
  // Those of campaigns are told of there.
  const given = book.data?.budgets?.given.filter(({ campaign }) => campaign === null) ?? []
  const saying = {
    ...words,
    titles: titlesOf({
      statuses: choicesOf(statuses, 'name'),
      segments: choicesOf(builtInSegments(statuses), 'name'),
      budgets: choicesOf(budgets, 'id'),
    }),
  }
  return (
    <section className="card current">
      <h2>{texts.now}</h2>
      <Facts
        facts={[
          ...baseFields.map(
            ({ name, unit }): Fact => [
              texts.fields[name] ?? name.replaceAll('_', ' '),
              said(base[name as keyof typeof base], unit, { texts, formats }),
            ],
          ),
          [
            texts.rules,
            <ul key="rules" className="plain">
              {rules.map((rule) => (
                <li key={rule.id}>
                  <b>{rule.title}</b>: {[saidRule(rule, saying), ...saidTerms(rule, saying)].join(' · ')}
                </li>
              ))}
              {rules.length === 0 && <li>{texts.noRules}</li>}
            </ul>,
          ],
          [texts.statuses, statuses.map(({ title }) => title).join(', ') || texts.noRules],
          ...(given.length === 0 ? [] : [[texts.budgets, <Given key="budgets" budgets={given} />] as Fact]),
        ]}
      />
      {given.length > 0 && <Pager asOf={book.data?.budgets?.asOf} />}
    </section>
  )
}

/** What each has given in its present period, and what is left of it. */
function Given({ budgets }: { budgets: BudgetGiven[] }) {
  const texts = useWords(ruleWords)
  const formats = useFormats()
  const { whole } = formats
  return (
    <ul className="plain">
      {budgets.map(({ id, title, store, period, spent, limit, left }) => (
        <li key={`${id} ${store}`}>
          <b>{title}</b>: {texts.given(whole(spent), whole(limit), whole(left))}{' '}
          <span className="soft">
            {[saidPeriod(period, texts, formats), ...(store === null ? [] : [store])].join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  )
}
