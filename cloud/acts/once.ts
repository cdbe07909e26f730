import { createHash } from 'node:crypto'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { ActError } from './act.ts'

interface Request {
  account: string
  key: string
  /** The act and its input, for which the key stands. */
  asked: unknown
  /** The answer tells a secret, and is not kept. */
  isSecret: boolean
  now: Instant
}

/**
 * Does an act once for this key of this account: the key, the change and the answer are one transaction. Another request with
 * the same key waits for it meanwhile. An act that failed has left no key, and may be asked again; the nightly prune
 * forgets keys after a week.
 */
export async function once<Answer extends object>(
  sql: Sql,
  { account, key, asked, isSecret, now }: Request,
  work: (sql: Tx) => Promise<Answer>,
): Promise<Answer> {
  const { answer } = await sql.begin(async (sql) => {
    const hash = createHash('sha256').update(canonical(asked)).digest()
    const claimed = await sql`
      insert into act_requests (account, key, asked_at, input_hash) values (${account}, ${key}, ${toIso(now)}, ${hash})
      on conflict do nothing`
    if (claimed.count === 0) return { answer: await answerOf<Answer>(sql, { account, key, hash }) }
    const answer = await work(sql)
    if (!isSecret)
      await sql`
        update act_requests set answer = ${withoutNames(answer)}::text::json where account = ${account} and key = ${key}`
    return { answer }
  })
  return answer
}

/** The name of a customer stands in one place, so that it can be erased there. */
const withoutNames = (answer: object) =>
  JSON.stringify(answer, (key, value: unknown) => (key === 'firstName' ? null : value))

/** The answer with present names, wherever it has a card and a name. */
async function withNames<Answer>(sql: Tx, kept: Answer): Promise<Answer> {
  const named: { card: string; firstName: string | null }[] = []
  const answer: Answer = JSON.parse(JSON.stringify(kept), (_, value) => {
    if (value !== null && typeof value === 'object' && 'card' in value && 'firstName' in value)
      named.push(value)
    return value
  })
  if (named.length === 0) return answer
  const known = await sql<{ card: string; firstName: string | null }[]>`
    select card, first_name as "firstName" from customers where card = any(${named.map(({ card }) => card)})`
  const names = new Map(known.map(({ card, firstName }) => [card, firstName]))
  for (const one of named) one.firstName = names.get(one.card) ?? null
  return answer
}

async function answerOf<Answer>(
  sql: Tx,
  { account, key, hash }: { account: string; key: string; hash: Buffer },
): Promise<Answer> {
  const [before] = await sql<{ isSame: boolean; answer: Answer | null }[]>`
    select input_hash = ${hash} as "isSame", answer from act_requests where account = ${account} and key = ${key}`
  if (!before?.isSame)
    throw new ActError(
      'key_reused',
      'This Idempotency-Key stands for something else that was asked. Nothing was changed.',
    )
  if (before.answer === null)
    throw new ActError(
      'told_once',
      'It was done, and what it told is kept nowhere: ask anew, with another key.',
    )
  return await withNames(sql, before.answer)
}

/** The same text however the names of an object were ordered. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`
}
