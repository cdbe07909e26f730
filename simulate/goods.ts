import type { Item } from '../shared/items.ts'
import type { SalePlan } from './plan.ts'

/**
 * The goods of a sale, where its 1C says them: the same for the same amount, so that a receipt written twice is the same one.
 * The lines of one in ten do not add up, and the register must do without them.
 */
export function goodsOf({ purchaseKopecks }: Pick<SalePlan, 'purchaseKopecks'>): Item[] | undefined {
  if (purchaseKopecks % 3 === 0) return undefined
  const tea = Math.floor((purchaseKopecks * (purchaseKopecks % 7)) / 7)
  const isWrong = purchaseKopecks % 10 === 1
  return [
    { sku: 'tea-1', name: 'Чай «Улун»', category: 'tea', quantity: 0.25, kopecks: tea },
    { sku: 'cup', quantity: 2, kopecks: 0 },
    { sku: 'beans', category: 'coffee', quantity: 1, kopecks: purchaseKopecks - tea + (isWrong ? 1 : 0) },
  ]
}
