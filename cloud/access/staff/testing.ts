import type { Sql } from '../../database/connect.ts'
import { hashPassword } from './passwords.ts'

const CHEAP = { N: 2 ** 8, r: 8, p: 1 }

/**
 * This password of the account is looked at in no time. A real look takes a tenth of a second of a processor, and who
 * is new rests four times as long after it: tests sign in hundreds of times.
 */
export async function cheapen(sql: Sql, account: string, password: string): Promise<void> {
  await sql`update staff set password_hash = ${await hashPassword(password, CHEAP)} where name = ${account}`
}
