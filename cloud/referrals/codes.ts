import { randomInt } from 'node:crypto'
import type { Sql, Tx } from '../database/connect.ts'

/** The letters of a code, without those that look alike. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz'
const LENGTH = 10

const draw = () => Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/** The customer's own code, made when it is first asked for, and the same from then on. */
export async function codeOf(sql: Sql | Tx, customerId: number): Promise<string> {
  await sql`
    insert into referral_codes (customer_id, code) values (${customerId}, ${draw()})
    on conflict (customer_id) do nothing`
  const [row] = await sql<{ code: string }[]>`
    select code from referral_codes where customer_id = ${customerId}`
  if (!row) throw new Error('a customer who asks for their code was erased')
  return row.code
}

/** The customer of a code, or the one who stays where cards were merged; null where there is none, or they were erased. */
export async function customerOfCode(
  sql: Sql | Tx,
  { code, programmeId }: { code: string; programmeId: number },
): Promise<number | null> {
  const [row] = await sql<{ id: number }[]>`
    select coalesce(merged_into, id) as id from referral_codes join customers on id = customer_id
    where code = ${code} and programme_id = ${programmeId} and status <> 'erased'`
  return row?.id ?? null
}
