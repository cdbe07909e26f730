import { z } from 'zod'
import { textSchema } from './text.ts'

export const MOST_ITEMS = 300
/** Of a code, a name or a category, in characters. */
export const LONGEST_WORD = 100

/** A line of a receipt, as 1C sends it. */
const itemSchema = z
  .strictObject({
    sku: textSchema(LONGEST_WORD).meta({ title: 'Code of the goods' }),
    name: textSchema(LONGEST_WORD).optional(),
    category: textSchema(LONGEST_WORD).optional(),
    quantity: z.number().min(0).max(1_000_000),
    kopecks: z.int().min(0).max(1_000_000_000).meta({ title: 'Of the whole line', unit: 'kopecks' }),
  })
  .meta({ id: 'Item' })
export type Item = z.infer<typeof itemSchema>

export const itemsSchema = z
  .array(itemSchema)
  .min(1)
  .max(MOST_ITEMS)
  .meta({ title: 'What was bought; ignored where it does not add up to the purchase' })

/** Whether the lines are the whole purchase; otherwise nobody knows what was bought. */
export const addUpTo = (kopecks: number, items: readonly Pick<Item, 'kopecks'>[]) =>
  items.reduce((total, item) => total + item.kopecks, 0) === kopecks
