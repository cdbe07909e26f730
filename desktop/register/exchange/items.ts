import { z } from 'zod'
import { addUpTo, type Item, itemsSchema, LONGEST_WORD, MOST_ITEMS } from '../../../shared/items.ts'
import { mendText } from '../../../shared/text.ts'
import type { Amount } from './sale.ts'

/** Numbers are the digits that they were written with. */
const numberSchema = z
  .string()
  .transform((digits) => Number(digits.trim().replace(',', '.') || Number.NaN))
  .pipe(z.number())
const wordSchema = z.string().transform((text) => mendText(text.trim(), LONGEST_WORD))
const writtenSchema = z.array(
  z.object({
    sku: wordSchema,
    name: wordSchema.nullish(),
    category: wordSchema.nullish(),
    quantity: numberSchema,
    kopecks: numberSchema,
  }),
)

/**
 * The lines of a receipt as 1C wrote them; without them the sale goes on as ever. What is not the whole purchase says nothing
 * of what it is: then no line is believed.
 */
export function readItems(written: unknown, purchaseKopecks: number): Pick<Amount, 'items' | 'itemsProblem'> {
  // An empty list, as a till without goods has it, is no word about them.
  if (written === null || (Array.isArray(written) && written.length === 0)) return {}
  if (Array.isArray(written) && written.length > MOST_ITEMS) return { itemsProblem: 'too_many' }
  const lines = writtenSchema.safeParse(written).data?.map(withoutNothing)
  const items = itemsSchema.safeParse(lines).data
  if (!items) return { itemsProblem: 'not_understood' }
  return addUpTo(purchaseKopecks, items) ? { items } : { itemsProblem: 'not_the_amount' }
}

/** An empty word is none. */
function withoutNothing({
  sku,
  name,
  category,
  quantity,
  kopecks,
}: z.infer<typeof writtenSchema>[number]): Item {
  return { sku, ...(name && { name }), ...(category && { category }), quantity, kopecks }
}
