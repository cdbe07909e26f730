import type { BookResult } from '../../shared/console/trials.ts'
import { toIso } from '../../shared/time.ts'
import type { TriedPurchase } from '../ledger/bookTally.ts'

type Example = Omit<BookResult['examples'][number], 'store'> & { storeId: number }

/** Keeps the few purchases of the highest rank; of equal ones those that came first. */
export function createExamples(most: number) {
  const kept: { rank: number; example: Example }[] = []
  return {
    /** `points` are shown with the purchase. A rank of 0 or less is never shown. */
    offer(purchase: TriedPurchase, { rank, points }: { rank: number; points: number }): void {
      if (rank <= 0 || (kept.length === most && rank <= (kept.at(-1)?.rank ?? 0))) return
      const { id, customerId, storeId, at, kopecks, before } = purchase
      const example = { operation: id, customer: customerId, at: toIso(at), storeId, kopecks, before, points }
      const place = kept.findIndex((each) => each.rank < rank)
      kept.splice(place < 0 ? kept.length : place, 0, { rank, example })
      if (kept.length > most) kept.pop()
    },
    /** The examples, with the names of their stores. */
    end: (stores: ReadonlyMap<number, string>): BookResult['examples'] =>
      kept.map(({ example: { storeId, ...example } }) => ({
        ...example,
        store: { id: storeId, name: stores.get(storeId) ?? '' },
      })),
  }
}
