import type { Item } from '../shared/items.ts'
import type { SalePlan } from './plan.ts'

/**
 * What is bought, where the 1C of this sale says it: the same for the same amount, so that a receipt written twice is the same
 * one. Of one in ten the lines do not add up, and the register must do without them.
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
