import { addUpTo, type Item } from '../../shared/items.ts'
import { type Discount, noDiscount } from '../../shared/money.ts'
import { drawnBy, type Facts, factsOf } from '../../shared/rules/facts.ts'
import { type Award, type Purchase, type Quote, quote } from '../../shared/rules/quote.ts'
import { type Account, storeOf } from './account.ts'
import type { Case } from './refusals.ts'
import type { Request } from './request.ts'

interface Judged extends Pick<Case, 'book' | 'spentOf'> {
  request: Request & { kind: 'earn' | 'redeem' }
  account: Account
}

/** What a purchase earns this customer by their present counts; `beside`: the awards of a voucher, which no book gives. */
export function quoteOf(judged: Judged, discount: Discount, beside: readonly Award[] = []): Quote {
  return quote(judged.book, purchaseOf(judged), discount, factsFor(judged), { beside })
}

/** The quote of an earning, worked out once: a check asks for it before it is posted. */
export function createEarning({ request, book, spentOf }: Pick<Case, 'request' | 'book' | 'spentOf'>) {
  let known: Quote | undefined
  return (account: Account): Quote => {
    if (request.kind !== 'earn') throw new Error(`a ${request.kind} is no earning`)
    known ??= quoteOf({ request, account, book, spentOf }, noDiscount)
    return known
  }
}

/** The facts that a book judges by: of the customer, and of the budgets of its rules. */
export function factsFor({ request, account, book, spentOf }: Judged): Facts {
  const facts = factsOf(account, book, request.at)
  const drawn = drawnBy(book, { at: request.at, storeId: storeOf(request.author) })
  if (drawn.length === 0) return facts
  return { ...facts, spent: Object.fromEntries(drawn.map((from) => [from.budgetId, spentOf(from)])) }
}

/** A purchase as the rules see it. */
function purchaseOf({ request }: Judged): Purchase {
  const { purchaseKopecks, at, author } = request
  const items = itemsOf(request)
  return { kopecks: purchaseKopecks, at, storeId: storeOf(author), ...(items && { items }) }
}

/** The goods that were bought; null where they are not known, or do not add up to the purchase. */
export function itemsOf({ purchaseKopecks, items }: Judged['request']): Item[] | null {
  return items && addUpTo(purchaseKopecks, items) ? items : null
}
