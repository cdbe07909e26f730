import type { Sql } from '../cloud/database/connect.ts'
import { publishBook } from '../cloud/ledger/books.ts'
import { FIRST_PROGRAMME } from '../cloud/ledger/programme.ts'
import {
  defaultTerms,
  documentOf,
  rulesToPickFrom,
  statusesToPickFrom,
} from '../cloud/ledger/testing/terms.ts'
import { SECOND } from '../shared/time.ts'
import { referralTerms } from './invitations.ts'

/** Tills are told of a book before it begins, and sell on while it does. */
const BEFORE_IT_BEGINS_MS = SECOND

/** Rules on the hour, the store, the goods and the customer, with budgets that are small. */
const RULES = [
  ...['large', 'tea', 'night', 'workdays', 'store-one', 'every-third', 'first-of-day', 'twice'],
  ...['silver-or-bronze', 'from-gifts', 'from-daily'],
]

/** In the middle of the day other rules begin, with more cashback. */
export async function publishNoonBook(sql: Sql): Promise<void> {
  const terms = {
    ...{ ...defaultTerms, cashback: 700, lifetimeDays: 60, statuses: statusesToPickFrom },
    rules: rulesToPickFrom.filter(({ id }) => RULES.includes(id)),
    limits: { points_per_customer_day: 2000, purchases_per_customer_day: { soft: 5, hard: 40 } },
  }
  const referral = { ...referralTerms, referrer_points: 150, min_purchase_kopecks: 20_000 }
  const document = { ...documentOf(terms), referral }
  const now = Date.now()
  await sql.begin((sql) =>
    publishBook(sql, {
      ...{ programmeId: FIRST_PROGRAMME, document, validFrom: now + BEFORE_IT_BEGINS_MS, now },
      ...{ by: 'admin:simulate', reason: 'noon' },
    }),
  )
}
