import { timingSafeEqual } from 'node:crypto'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { hashSecret } from '../secrets.ts'

/** What Telegram signed, by its own hash: the same data written another way is still the same. */
interface Shown {
  fingerprint: string
  /** What the app made up at its start and told nobody else; empty where it sent none. */
  session: string
  expiresAt: Instant
}

/** True for the app that showed these init data first, in whichever process; copied ones are worth nothing. */
export async function claimInitData(sql: Sql, { fingerprint, session, expiresAt }: Shown): Promise<boolean> {
  const initDataHash = hashSecret(fingerprint)
  const sessionHash = hashSecret(session)
  const owner =
    (await findOwner(sql, initDataHash)) ??
    (await insertOwner(sql, { initDataHash, sessionHash, expiresAt })) ??
    (await findOwner(sql, initDataHash))
  return owner !== null && timingSafeEqual(owner, sessionHash)
}

async function findOwner(sql: Sql, initDataHash: Buffer): Promise<Buffer | null> {
  const [row] = await sql<{ sessionHash: Buffer }[]>`
    select session_hash as "sessionHash" from mini_app_sessions where init_data_hash = ${initDataHash}`
  return row?.sessionHash ?? null
}

/** Null where another request was quicker. */
async function insertOwner(
  sql: Sql,
  { initDataHash, sessionHash, expiresAt }: { initDataHash: Buffer; sessionHash: Buffer; expiresAt: Instant },
): Promise<Buffer | null> {
  const [row] = await sql<{ sessionHash: Buffer }[]>`
    insert into mini_app_sessions (init_data_hash, session_hash, expires_at)
    values (${initDataHash}, ${sessionHash}, ${toIso(expiresAt)})
    on conflict (init_data_hash) do nothing
    returning session_hash as "sessionHash"`
  return row?.sessionHash ?? null
}
