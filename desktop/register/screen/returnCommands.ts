import { type Handlers, type Handling, refuse } from './handling.ts'

type ReturnHandlers = Pick<Handlers, 'findPurchases' | 'previewReturn' | 'returnPurchase'>

/** The commands of purchases whose goods come back. */
export function returnHandlers(handling: Handling): ReturnHandlers {
  const { returns, nextId, tell, refuseUnlessDecided, voucherOf } = handling
  return {
    async findPurchases(wanted) {
      const found = await returns.find(wanted)
      return found === 'not_a_card' ? refuse(found) : { ok: true, value: found }
    },

    previewReturn({ operationId, refundKopecks }) {
      const returned = returns.preview(operationId, refundKopecks)
      return returned ? { ok: true, value: returned } : refuse('more_than_paid')
    },

    returnPurchase({ operationId, refundKopecks, pin }) {
      const of = returns.take(operationId)
      if (!of?.whole) return refuse('not_refundable')
      if (refundKopecks !== undefined && !returns.preview(operationId, refundKopecks))
        return refuse('more_than_paid')
      const refused = of.isLate
        ? refuseUnlessDecided(pin, { noPin: 'late_return_no_pin', needed: 'late_return' })
        : null
      if (refused) return refused
      const { kopecks, voucherAfter: after } = of.whole
      const isRest = refundKopecks === undefined || refundKopecks === kopecks
      const part = isRest && of.refundedKopecks === 0 ? null : (refundKopecks ?? null)
      const voucher = voucherOf(operationId) ?? (isRest && after ? { after } : null)
      const reply = tell({ type: 'refund', id: nextId(), of, refundKopecks: part, voucher })
      if (reply.ok) returns.forget()
      return reply
    },
  }
}
