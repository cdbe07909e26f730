import type { Sql } from '../cloud/database/connect.ts'
import { publishBook } from '../cloud/ledger/books.ts'
import { FIRST_PROGRAMME } from '../cloud/ledger/programme.ts'
import { bookDocumentSchema } from '../shared/rules/book.ts'
import { SECOND } from '../shared/time.ts'

/** Tills are told of a book before it begins, and sell on while it does. */
const BEFORE_IT_BEGINS_MS = SECOND

/** In the middle of the day other rules begin: more cashback, and a gift for large purchases. */
export async function publishNoonBook(sql: Sql): Promise<void> {
  const document = bookDocumentSchema.parse({
    base: { cashback_basis_points: 700, lifetime_days: 60 },
    rules: [
      {
        ...{ id: 'large-purchase', title: 'Большая покупка' },
        when: [{ type: 'min_purchase', kopecks: 300_000 }],
        award: { type: 'points', points: 100 },
      },
    ],
  })
  const now = Date.now()
  await sql.begin((sql) =>
    publishBook(sql, {
      ...{ programmeId: FIRST_PROGRAMME, document, validFrom: now + BEFORE_IT_BEGINS_MS, now },
      ...{ by: 'admin:simulate', reason: 'noon' },
    }),
  )
}
