import type { z } from 'zod'
import type { bookSchema } from '../../../../shared/console/books.ts'
import { bookDocumentSchema } from '../../../../shared/rules/book.ts'
import { builtInSegments } from '../../../../shared/segments/builtIn.ts'
import { useFormats } from '../format.ts'
import { Facts } from '../kit/Page.tsx'
import { useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { fields } from './base.ts'
import { said } from './Differences.tsx'
import type { Books } from './Rules.tsx'
import { saidRule, saidTerms } from './rule/said.ts'
import { useSaying } from './rule/useSaying.ts'
import { ruleWords } from './words.ts'

/** By what a purchase of now is judged. */
export function Current({ books, programme }: { books: Books['books']; programme: string | undefined }) {
  const texts = useWords(ruleWords)
  const formats = useFormats()
  const words = useSaying()
  const current = books.find(({ state }) => state === 'current')?.version
  const book = useReading<z.infer<typeof bookSchema>>(
    `/v1/console/books/${current}`,
    { programme },
    { isOn: current !== undefined },
  )
  const document = book.data && bookDocumentSchema.safeParse(book.data.document).data
  if (!document) return null
  const { base, rules, statuses, budgets } = document
  const saying = {
    ...words,
    titles: {
      statuses: new Map(statuses.map(({ name, title }) => [name, title])),
      segments: new Map(builtInSegments(statuses).map(({ name, title }) => [name, title])),
      budgets: new Map(budgets.map(({ id, title }) => [id, title])),
    },
  }
  return (
    <section className="card current">
      <h2>{texts.now}</h2>
      <Facts
        facts={[
          ...fields.map(({ name, unit }): [string, string] => [
            texts.fields[name] ?? name.replaceAll('_', ' '),
            said(base[name], unit, { texts, formats }),
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
