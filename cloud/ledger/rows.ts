import { isRole } from '../../shared/staff.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Author, Executed } from './account.ts'

/** An operation as its row spells it; only the author differs from `Executed`. */
export type OperationRow = Omit<Executed, 'author'> & {
  storeId: number | null
  registerId: number | null
  authorName: string
}

export function operationColumns(sql: Sql | Tx) {
  return sql`
    operations.programme_id as "programmeId", operations.customer_id as "customerId", operations.id, operations.kind, operations.store_id as "storeId",
    operations.register_id as "registerId", operations.author as "authorName", operations.at,
    operations.recorded_at as "recordedAt", operations.purchase_kopecks as "purchaseKopecks", operations.points,
    operations.reference_id as "referenceId", operations.refund_kopecks as "refundKopecks", operations.receipt,
    operations.cashier, operations.typed,
    operations.reason, encode(operations.content, 'hex') as content,
    operations.quote, operations.earned, operations.spent,
    operations.outcome`
}

export function operationOf({ storeId, registerId, authorName, ...row }: OperationRow): Executed {
  if (storeId === null || registerId === null) return { ...row, author: houseAuthorOf(authorName) }
  return { ...row, author: { type: 'register', programmeId: row.programmeId, storeId, registerId } }
}

function houseAuthorOf(name: string): Author {
  const [type = '', ...rest] = name.split(':')
  return { type: type === 'admin' || isRole(type) ? type : 'system', name: rest.join(':') }
}

export function authorName(author: Author): string {
  return author.type === 'register' ? 'register' : `${author.type}:${author.name}`
}
