import { mendText } from '../shared/text.ts'
import { type Instant, toIso } from '../shared/time.ts'
import type { Sql, Tx } from './database/connect.ts'

type Facts = Record<string, string | number | boolean | null | undefined>

/** A change, as the log keeps it. Never a key, a code, a hash or a person's name: the log is for ever. */
export interface Changed {
  subject: string
  before?: Facts
  after?: Facts
}

/** Where the person was who changed it, if that was in a browser. */
export interface Origin {
  ip: string
  userAgent: string
  /** As the line of the request in the log names it. */
  requestId?: string | undefined
}

type Change = Changed & {
  who: string
  action: string
  from?: Origin | undefined
  /** Under which it was done. */
  proposal?: number | undefined
}

/** So much of what a browser calls itself is kept, here and with a session. */
export const LONGEST_USER_AGENT = 300

/**
 * Written in the transaction of the change itself, so that neither is there without the other. It comes last there: the
 * database chains each row to the one before, and everybody else who changes something waits until this one is committed.
 */
export async function logChange(
  sql: Sql | Tx,
  { who, action, subject, before, after, from, proposal }: Change,
) {
  const userAgent = from ? mendText(from.userAgent, LONGEST_USER_AGENT) : null
  await sql`
    insert into audit_log (who, action, subject, before, after, ip, user_agent, request_id, proposal)
    values (${who}, ${action}, ${subject}, ${before ? sql.json(before) : null}, ${after ? sql.json(after) : null},
      ${from?.ip ?? null}, ${userAgent}, ${from?.requestId ?? null}, ${proposal ?? null})`
}

/** The last row and its hash, which stands for all before it. */
export interface Head {
  id: number
  hash: string
}

/** Keeps where the log ends now, and says it: whoever has it somewhere else can tell later that nothing was taken out. */
export async function noteHead(sql: Sql, now: Instant): Promise<Head | null> {
  const head = await readHead(sql)
  if (head)
    await sql`
      insert into audit_log_heads (id, hash, noted_at) values (${head.id}, decode(${head.hash}, 'hex'), ${toIso(now)})
      on conflict (id) do nothing`
  return head
}

async function readHead(sql: Sql | Tx): Promise<Head | null> {
  const [head] = await sql<Head[]>`
    select id, encode(hash, 'hex') as hash from audit_log order by id desc limit 1`
  return head ?? null
}

export interface Verified {
  rows: number
  head: Head | null
  /** Rows that are not what was written, or do not follow the row before them. */
  broken: number[]
  /** What was noted of the log earlier, and is not there any more. */
  lost: Head[]
}

/** Goes through the whole chain, and looks for what earlier audits saw, and the caller has noted. */
export async function verifyAuditLog(sql: Sql, noted: Head[] = []): Promise<Verified> {
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    await sql`set local statement_timeout = 0`
    const [all] = await sql<{ rows: number; broken: number[] | null }[]>`
      select count(*)::int as rows, (array_agg(id order by id) filter (where is_broken))[:100] as broken
      from (
        select id, hash <> audit_log_hash(coalesce(lag(hash) over (order by id), ''), audit_log) as is_broken
        from audit_log) chain`
    const lost = await sql<Head[]>`
      select id, hash from (
        select id, encode(hash, 'hex') as hash from audit_log_heads
        union
        select * from unnest(
          ${noted.map(({ id }) => id)}::bigint[], ${noted.map(({ hash }) => hash)}::text[])) head
      where not exists (
        select from audit_log where audit_log.id = head.id and encode(audit_log.hash, 'hex') = head.hash)
      order by id limit 100`
    return { rows: all?.rows ?? 0, broken: all?.broken ?? [], lost: [...lost], head: await readHead(sql) }
  })
}

export interface Filter {
  subject?: string | undefined
  who?: string | undefined
  action?: string | undefined
  /** Anywhere in what was before or after. */
  text?: string | undefined
  since?: Instant | undefined
  until?: Instant | undefined
  /** Only rows older than this one, to go on where a list has ended. */
  before?: number | undefined
  limit: number
}

export interface LoggedChange {
  id: number
  at: Instant
  who: string
  action: string
  subject: string
  before: Facts | null
  after: Facts | null
  ip: string | null
  userAgent: string | null
  requestId: string | null
  proposal: number | null
}

/** The latest first. */
export async function findChanges(sql: Sql, filter: Filter): Promise<LoggedChange[]> {
  const { subject, who, action, text, since, until, before, limit } = filter
  const contains = (part: string) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`
  return await sql<LoggedChange[]>`
    select id, at, who, action, subject, before, after, ip, user_agent as "userAgent",
      request_id as "requestId", proposal
    from audit_log
    where true
      ${subject === undefined ? sql`` : sql`and subject = ${subject}`}
      ${who === undefined ? sql`` : sql`and who ilike ${contains(who)}`}
      ${action === undefined ? sql`` : sql`and action = ${action}`}
      ${text === undefined ? sql`` : sql`and concat(before, ' ', after) ilike ${contains(text)}`}
      ${since === undefined ? sql`` : sql`and at >= ${toIso(since)}`}
      ${until === undefined ? sql`` : sql`and at < ${toIso(until)}`}
      ${before === undefined ? sql`` : sql`and id < ${before}`}
    order by id desc limit ${limit}`
}
