import type { Outbox } from '../outbox/outbox.ts'
import { earningOf } from '../session/offer.ts'
import type { SaleGround } from '../session/preview.ts'
import type { Effect } from '../session/state.ts'

type Commit = Extract<Effect, { type: 'commit_earn' | 'commit_redeem' | 'commit_refund' | 'commit_merge' }>

/** Writes the tapped operation into the journal: from here on it is executed, even if this program ends. */
export function commit(outbox: Outbox, ground: SaleGround, effect: Commit): void {
  if (effect.type === 'commit_refund') {
    const { id, originalId, refundKopecks } = effect
    outbox.add({ id, kind: 'refund', originalId, ...(refundKopecks !== null && { refundKopecks }) })
    return
  }
  if (effect.type === 'commit_merge') {
    const { id, card, otherCard, firstName } = effect
    outbox.add({ id, kind: 'merge', card, otherCard }, { firstName })
    return
  }
  const { id, sale, customer, confirmDuplicate } = effect
  const { card, firstName } = customer
  const { purchaseKopecks, receipt, items } = sale
  const takes = (field: string) => ground.operationFields.includes(field)
  const purchase = {
    id,
    card,
    purchaseKopecks,
    ...(receipt !== null && { receipt }),
    ...(confirmDuplicate && { confirmDuplicate }),
    ...(sale.cashier && takes('cashier') && { cashier: sale.cashier }),
    ...(items && takes('items') && { items }),
  }
  const typed = sale.source === 'typed' && takes('typed') ? { typed: true as const } : {}
  const points = effect.type === 'commit_redeem' ? effect.points : 0
  const voucher = effect.type === 'commit_redeem' && takes('voucher') ? effect.voucher : null
  const considered = { purchaseKopecks, points, items, voucher }
  const expectedEarned = earningOf(customer, ground, considered).earned
  const circumstances = { sale: sale.key, firstName, expectedEarned }
  if (effect.type === 'commit_earn') outbox.add({ kind: 'earn', ...purchase, ...typed }, circumstances)
  else
    outbox.addRedemption(
      {
        ...{ kind: 'redeem', points, ...purchase },
        ...(customer.code !== null && { code: customer.code }),
        ...(voucher && {
          voucher: voucher.code,
          ...(voucher.itemKopecks !== undefined && { voucherItemKopecks: voucher.itemKopecks }),
        }),
      },
      { ...circumstances, protocol: sale.protocol },
    )
}
