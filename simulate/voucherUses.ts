import { isOver } from '../cloud/ledger/testing/oracleVouchers.ts'
import type { Evidence, Journalled } from './evidence.ts'
import type { Finding } from './invariants.ts'

/**
 * The oracle of vouchers: how often each code was used, from day to day, by the journals of the tills. The ledger is
 * compared with it, and its counting is not used.
 */
export function createVoucherUses() {
  const used = new Map<string, number>()
  /** The uses by batch and card, as it was shown then. */
  const ofCards = new Map<string, number>()
  const count = (uses: Map<string, number>, key: string, by: number) =>
    uses.set(key, (uses.get(key) ?? 0) + by)

  function follow({ tills, codes, operations }: Evidence): void {
    const madeBy = new Map(operations.map((operation) => [operation.id, operation.madeBy]))
    const byCode = new Map(codes.map((code) => [code.code, code]))
    for (const { journal } of tills) {
      const redeems = new Map(journal.map((operation) => [operation.id, operation]))
      const isAccepted = ({ state }: Journalled) => state === 'accepted'
      for (const { kind, reference, at } of journal.filter(isAccepted)) {
        const { voucher, card } = redeems.get(reference ?? '') ?? {}
        const code = byCode.get(voucher ?? '')
        if (!code || !voucher) continue
        const isBack = kind === 'refund' && code.terms.on_refund !== 'keep' && !isOver(code.terms, at)
        const by = kind === 'apply' ? 1 : isBack ? -1 : 0
        count(used, voucher, by)
        count(ofCards, `${code.batch} ${madeBy.get(reference ?? '') ?? card}`, by)
      }
    }
  }

  /** A customer who was two may have used as much as two. */
  function overdrawn({ codes, mergedInto }: Evidence): string[] {
    const limits = new Map(codes.map(({ batch, terms }) => [batch, terms.uses_per_customer ?? Infinity]))
    const cards = Map.groupBy(ofCards.keys(), (key) => {
      const [batch, card = ''] = key.split(' ')
      return `${batch} ${mergedInto.get(card) ?? card}`
    })
    return [...cards].flatMap(([customer, keys]) => {
      const limit = limits.get(Number(customer.split(' ')[0])) ?? Infinity
      const uses = keys.reduce((total, key) => total + (ofCards.get(key) ?? 0), 0)
      return uses > limit * keys.length ? [`batch and card ${customer}: used ${uses} times of ${limit}`] : []
    })
  }

  return {
    /** The violations in the evening. */
    check(evidence: Evidence): Finding[] {
      follow(evidence)
      const { vouchers, codes, holds } = evidence
      const terms = new Map(codes.map((code) => [code.code, code.terms]))
      const wrong = vouchers.flatMap(({ code, held, used: is }) => {
        const should = used.get(code) ?? 0
        return is === should
          ? []
          : [`${code} was used ${should} times, and ${is} in the ledger (held ${held})`]
      })
      return [
        {
          what: 'a code is used as often as a discount with it was taken, less what a return gave back',
          count: [...used.values()].reduce((total, uses) => total + uses, 0),
          violations: wrong,
        },
        {
          what: 'no code is held in the evening',
          count: holds.filter(({ voucher }) => voucher !== null).length,
          violations: vouchers.flatMap(({ code, held }) =>
            held === 0 ? [] : [`${code} is held ${held} times`],
          ),
        },
        {
          what: 'no code is used more often than its terms say, by nobody more often than they may',
          count: vouchers.length,
          violations: [
            ...vouchers.flatMap(({ code, used: uses }) => {
              const { uses_per_code: limit = 1 } = terms.get(code) ?? {}
              return uses <= limit ? [] : [`${code} was used ${uses} times of ${limit}`]
            }),
            ...overdrawn(evidence),
          ],
        },
      ]
    },
  }
}
