import type { judge } from '../../cloud/ledger/judge.ts'
import { earnedPoints } from '../../shared/rules/quote.ts'
import type { Instant } from '../../shared/time.ts'
import type { LedgerOperation } from '../evidence.ts'

/** What was executed since the morning. */
export function createToday(cardOfCustomer: (customerId: number) => string) {
  const operations: LedgerOperation[] = []
  const holds = new Set<string>()
  const wasInDoubt = new Set<string>()
  const expired = new Map<string, number>()
  const given = new Map<string, number>()
  return {
    operations,
    holds,
    wasInDoubt,
    expired,
    given,
    note({ executed, postings, outcomes }: ReturnType<typeof judge>, at: Instant): void {
      for (const { id, author, outcome, content, quote, customerId } of executed) {
        if (author.type !== 'register') continue
        const { registerId, storeId } = author
        operations.push({
          id,
          registerId,
          storeId,
          status: outcome.status,
          content,
          facts: quote?.facts ?? null,
          earns: quote ? earnedPoints(quote) : null,
          bookVersion: quote?.version ?? null,
          ...{ customerId, madeBy: cardOfCustomer(customerId), recordedAt: at },
          turn: operations.length,
        })
      }
      for (const { hold } of postings) if (hold) holds.add(hold.id)
      const cardsById = new Map(
        outcomes.flatMap((outcome) =>
          outcome.status === 'accepted' ? [[outcome.id, outcome.customer.card]] : [],
        ),
      )
      for (const { operation, entries, merged } of postings) {
        const card = cardsById.get(operation.id) ?? ''
        for (const { kind, points } of [...entries, ...(merged?.entries ?? [])])
          if (kind === 'expire') expired.set(card, (expired.get(card) ?? 0) - points)
        if (operation.author.type !== 'register') given.set(card, (given.get(card) ?? 0) + operation.earned)
      }
    },
    clear(): void {
      operations.length = 0
      holds.clear()
      wasInDoubt.clear()
      expired.clear()
      given.clear()
    },
  }
}
