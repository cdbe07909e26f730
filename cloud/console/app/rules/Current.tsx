import { bookDocumentSchema } from '../../../../shared/rules/book.ts'
import { builtInSegments } from '../../../../shared/segments/builtIn.ts'
import { useFormats } from '../format.ts'
import { Facts } from '../kit/Page.tsx'
import { useWords } from '../words.ts'
import { said } from './Differences.tsx'
import { baseFields } from './fields.ts'
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
          ...baseFields.map(({ name, unit }): [string, string] => [
            texts.fields[name] ?? name.replaceAll('_', ' '),
            said(base[name as keyof typeof base], unit, { texts, formats }),
          ]),
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
        ]}
      />
    </section>
  )
}
