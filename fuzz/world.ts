import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { hashSecret } from '../cloud/access/secrets.ts'
import { hashPassword } from '../cloud/access/staff/passwords.ts'
import { csrfTokenOf } from '../cloud/access/staff/sessions.ts'
import { webhookSecret } from '../cloud/bot/receive/webhook.ts'
import type { Sql } from '../cloud/database/connect.ts'
import { signInitData } from '../cloud/demo/initData.ts'
import { post } from '../cloud/ledger/post.ts'
import { openFolderStore } from '../cloud/updates/folderStore.ts'
import { readReleaseFolder, recordRelease, storeFiles } from '../cloud/updates/publish.ts'
import { makeReleaseFolder } from '../cloud/updates/testing.ts'
import { newId } from '../shared/id.ts'
import { type Instant, toIso } from '../shared/time.ts'

export type World = Awaited<ReturnType<typeof makeWorld>>

export const BOT_TOKEN = '12345:a-token-for-the-fuzzer'
export const METRICS_TOKEN = 'a-token-of-the-fuzzer'
const VERSION = '1.4.0'
const CARD = '654321'
/** Of the same person, so that they can become one. */
const PLASTIC = '765432'
/** Of the customer's own link. */
const INVITATION = 'fuzzfuzz22'
const PAIRING_CODE = 'FUZZFUZZ'
const IT_TOKEN = 'a-session-of-the-fuzzer'

/** A chain in which every door opens to who has the keys: all of them are known here, and the same in every run. */
export async function makeWorld(sql: Sql, { folder, now }: { folder: string; now: Instant }) {
  // Each of a store of its own; what IT does to the second must not close the line of the kiosk.
  const keys = {
    ...{ key: 'kop_fuzzer-one', otherKey: 'kop_fuzzer-two', kioskKey: 'kop_fuzzer-three' },
    /** Of a register that nobody has played with. */
    honestKey: 'kop_fuzzer-four',
  }
  const registerIds: number[] = []
  for (const [index, key] of Object.values(keys).entries()) {
    const [store] = await sql<{ id: number }[]>`
      insert into stores (name) values (${`Магазин ${index}`}) returning id`
    const [register] = await sql<{ id: number }[]>`
      insert into registers (store_id, name, key_hash)
      values (${store?.id ?? 0}, 'Касса', ${hashSecret(key)}) returning id`
    registerIds.push(register?.id ?? 0)
  }
  await sql`insert into customers (card, first_name) values (${CARD}, 'Анна'), ('100200', 'Борис'), (${PLASTIC}, 'Анна')`
  await sql`insert into people (telegram_id, customer_id, language) select 700, id, 'ru' from customers where card = ${CARD}`
  await sql`insert into referral_codes select id, ${INVITATION} from customers where card = ${CARD}`
  await sql`
    insert into referrals (referee_id, referrer_id, programme_id, invited_at, state)
    select friend.id, inviting.id, 1, ${toIso(now)}, 'flagged' from customers friend, customers inviting
    where friend.card = '100200' and inviting.card = ${CARD}`
  // Redemptions that are left open must not keep all later ones from getting any further.
  await sql`update programmes set settings = settings || '{"max_open_holds": 1000}'`
  const author = { type: 'admin', name: 'fuzz' } as const
  const gift = { kind: 'adjust', at: now, points: 10_000, reason: 'for the fuzzer', author } as const
  await post(sql, [{ ...gift, id: newId(now), card: CARD }], { now: () => now })
  const passwordHash = await hashPassword('the password of the fuzzer')
  await sql`insert into staff (name, password_hash, roles, created_at) values ('fuzz', ${passwordHash}, '{owner,it}', now())`
  await publish(sql, { folder, now })
  const user = { id: 7, first_name: 'Анна', language_code: 'ru' }
  return {
    now,
    ...keys,
    /** The one that IT sees on its pages, and revokes. */
    registerId: registerIds[1] ?? 0,
    card: CARD,
    plastic: PLASTIC,
    version: VERSION,
    pairingCode: PAIRING_CODE,
    itToken: IT_TOKEN,
    csrf: csrfTokenOf(IT_TOKEN),
    initData: signInitData(user, { token: BOT_TOKEN, now }),
    webhookSecret: webhookSecret(BOT_TOKEN),
    /** Undoes what the fuzzer did to its own keys: it revokes registers and ends sessions as it goes. */
    async heal(): Promise<void> {
      await sql`update registers set revoked_at = null where revoked_at is not null`
      await sql`update customers set status = 'active' where status = 'frozen'`
      await sql`delete from staff_attempts`
      await sql`update staff set disabled_at = null, roles = '{owner,it}', stores = null, programmes = null where name = 'fuzz'`
      await sql`
        insert into staff_sessions (token_hash, account, created_at, seen_at, is_proven)
        values (${hashSecret(IT_TOKEN)}, 'fuzz', now(), now(), true)
        on conflict (token_hash) do update set seen_at = now(), created_at = now()`
      await sql`
        insert into pairing_codes (code_hash, store_id, expires_at)
        select ${hashSecret(PAIRING_CODE)}, min(id), now() + interval '1 day' from stores
        on conflict (code_hash) do update set used_at = null, register_id = null, expires_at = excluded.expires_at`
    },
  }
}

export const updatesFolder = (folder: string) => join(folder, 'updates')

async function publish(sql: Sql, { folder, now }: { folder: string; now: Instant }): Promise<void> {
  const bytes = Buffer.alloc(200_000, createHash('sha256').update('installer').digest())
  const made = await makeReleaseFolder(join(folder, 'made'), VERSION, bytes)
  const release = await readReleaseFolder(made.folder)
  await storeFiles(openFolderStore(updatesFolder(folder)), release.files)
  await sql.begin((sql) => recordRelease(sql, release, { channel: 'stable', percent: 100, now }))
}
