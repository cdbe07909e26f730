import { voucherBatchSchema } from '../../../../shared/voucherBatch.ts'
import { useFormats } from '../format.ts'
import { Facts } from '../kit/Page.tsx'
import { termWords } from '../vouchers/terms.ts'
import { voucherWords } from '../vouchers/words.ts'
import { useWords } from '../words.ts'

/** What a proposed batch of vouchers gives, to whom and on what conditions. */
export function BatchTerms({ batch }: { batch: unknown }) {
  const texts = useWords(voucherWords)
  const said = useWords(termWords)
  const formats = useFormats()
  const terms = voucherBatchSchema.safeParse(batch).data
  if (!terms) return null
  const { title, audience } = terms
  const facts: [string, string][] = [
    [texts.nameField, title],
    [texts.gives, said.gives(terms)],
    [texts.conditions, said.conditions(terms).join(', ') || texts.noConditions],
    [
      texts.audience,
      `${texts.audiences[audience.type]}${audience.type === 'segment' ? `: ${audience.segment}` : ''}`,
    ],
  ]
  if (audience.type !== 'segment')
    facts.push([
      texts.codes,
      formats.whole(audience.type === 'bearer' ? audience.codes : audience.cards.length),
    ])
  if (terms.uses_per_code > 1) facts.push([texts.uses, formats.whole(terms.uses_per_code)])
  return <Facts facts={facts} />
}
