import type { Accepted, Outcome, Refused } from '../../shared/operation.ts'
import { isRole } from '../../shared/staff.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Author, Executed } from './account.ts'

/** An operation as its row spells it; only author and outcome differ from `Executed`. */
export type OperationRow = Omit<Executed, 'author' | 'outcome'> & {
  storeId: number | null
  registerId: number | null
  authorName: string
  outcome: Kept
}

/** What no other column says of an outcome. A row of an older version says all of it once more. */
type Kept = Pick<Accepted, 'customer' | 'hold'> | Pick<Refused, 'code' | 'message' | 'details'>

/** The name of a customer stands in one place, so that it can be erased there. */
export function keptOf(outcome: Outcome): Kept {
  if (outcome.status === 'refused') {
    const { code, message, details } = outcome
    return { code, message, details }
  }
  const { customer, hold } = outcome
  return { customer: { ...customer, firstName: null }, ...(hold && { hold }) }
}

function outcomeOf({ id, kind, earned, spent, outcome }: OperationRow): Accepted | Refused {
  return 'code' in outcome
    ? { id, kind, status: 'refused', replay: false, ...outcome }
    : { id, kind, status: 'accepted', replay: false, earned, spent, ...outcome }
}

export function operationColumns(sql: Sql | Tx) {
  return sql`
    operations.programme_id as "programmeId", operations.customer_id as "customerId", operations.id, operations.kind, operations.store_id as "storeId",
    operations.register_id as "registerId", operations.author as "authorName", round(date_part('epoch', operations.at) * 1000) as at,
    round(date_part('epoch', operations.recorded_at) * 1000) as "recordedAt", operations.purchase_kopecks as "purchaseKopecks", operations.points,
    operations.reference_id as "referenceId", operations.refund_kopecks as "refundKopecks", operations.receipt,
    operations.cashier, operations.typed,
    operations.reason, encode(operations.content, 'hex') as content,
    operations.quote, operations.earned, operations.spent,
    operations.outcome`
}

export const accountColumns = (sql: Sql | Tx) => sql`
  programme_id as "programmeId", id as "customerId", card, first_name as "firstName", status, balance, debt,
  last_entry as "lastEntry", purchases, created_at as "registeredAt"`

export function operationOf(row: OperationRow): Executed {
  const { storeId, registerId, authorName, ...operation } = row
  const outcome = outcomeOf(row)
  if (storeId === null || registerId === null)
    return { ...operation, outcome, author: houseAuthorOf(authorName) }
  const { programmeId } = operation
  return { ...operation, outcome, author: { type: 'register', programmeId, storeId, registerId } }
}

function houseAuthorOf(name: string): Author {
  const [type = '', ...rest] = name.split(':')
  return { type: type === 'admin' || isRole(type) ? type : 'system', name: rest.join(':') }
}

export function authorName(author: Author): string {
  return author.type === 'register' ? 'register' : `${author.type}:${author.name}`
}
