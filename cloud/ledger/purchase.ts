import type { Discount } from '../../shared/money.ts'
import type { Book } from '../../shared/rules/book.ts'
import { type Facts, factsOf } from '../../shared/rules/facts.ts'
import { type Purchase, type Quote, quote } from '../../shared/rules/quote.ts'
import { type Account, storeOf } from './account.ts'
import type { Request } from './request.ts'

type PurchaseRequest = Request & { kind: 'earn' | 'redeem' }

/** What a purchase of this customer earns, judged by what is counted of them now. */
export function quoteOf(
  { request, account, book }: { request: PurchaseRequest; account: Account; book: Book },
  discount: Discount,
): Quote {
  return quote(book, purchaseOf(request), discount, factsFor({ request, account, book }))
}

/** What the book is told of the customer. */
export const factsFor = ({
  request,
  account,
  book,
}: {
  request: PurchaseRequest
  account: Account
  book: Book
}): Facts => factsOf(account, book, request.at)

/** What the rules see of a purchase. */
function purchaseOf({ purchaseKopecks, at, author }: PurchaseRequest): Purchase {
  return { kopecks: purchaseKopecks, at, storeId: storeOf(author) }
}
