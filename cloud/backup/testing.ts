import { DAY, toIso } from '../../shared/time.ts'
import { openCodes } from '../access/people/codes.ts'
import { hashSecret } from '../access/secrets.ts'
import { perform } from '../acts/act.ts'
import { publishRuleBook } from '../acts/books.ts'
import { addAccount } from '../acts/staff.ts'
import { setStatus } from '../acts/statuses.ts'
import { byAdmin } from '../acts/testing.ts'
import { noteHead } from '../auditLog.ts'
import type { Sql } from '../database/connect.ts'
import { readOn } from '../feed/reader.ts'
import { createFactsReader } from '../insight/facts/reader.ts'
import { expireJob } from '../jobs/expire.ts'
import { runJob } from '../jobs/run.ts'
import { sweepJob } from '../jobs/sweep.ts'
import { execute, noonOf } from '../jobs/testing.ts'
import type { Request } from '../ledger/request.ts'
import {
  addVouchers,
  adjust,
  apply,
  earn,
  merge,
  redeem,
  refund,
  release,
  showing,
  voucherOf,
  withVoucher,
} from '../ledger/testing/makers.ts'
import { settle } from '../referrals/settle.ts'
import { readTables } from './catalogue.ts'
import { writeFile } from './folder.ts'
import { verifyBackup } from './read.ts'
import { backUp } from './write.ts'

/** What text columns must bear: everything that means something to JSON, to COPY or to a line. */
const NASTY = 'Анна "Ё" \\ \\N \\. \t {tab}\r\n[2]\u2028, 🐖 \u0001'

const NASTY_GOODS = NASTY.slice(0, 100)

export const now = noonOf(61)

const bookOfEverything = {
  statuses: [
    { name: 'bronze', title: 'Бронза', colour: '#a5683a', from: 0, cashback_basis_points: 500 },
    { name: 'silver', title: 'Серебро', colour: '#8f9aa3', from: 1, cashback_basis_points: 1000 },
  ],
  rules: [
    {
      ...{ id: 'gift', title: 'Подарок', award: { type: 'points', points: 5 } },
      ...{ uses: { total: 3 }, budget: 'presents' },
    },
  ],
  budgets: [{ id: 'presents', title: 'Подарки', limit_points: 100, per_store: true }],
  limits: { points_per_customer_day: 1000 },
  referral: { referrer_points: 20, referee_points: 10, wait_days: 0 },
}

/** A chain that has seen everything: returns an open hold, what was executed, and what the account `anna` signs in with. */
export async function liveALittle(
  sql: Sql,
): Promise<{ held: Request; executed: Request[]; password: string }> {
  await sql`insert into stores (name) values ('Ашукино'), (${NASTY})`
  for (const id of [1, 2, 3]) {
    await sql`
      insert into registers (store_id, name, key_hash)
      values (${id === 3 ? 2 : 1}, ${`Касса ${id}`}, ${hashSecret(`key ${id}`)})`
  }
  await sql`insert into ended_keys (key_hash, register_id, ended_at) values (${hashSecret('old key')}, 1, now())`
  await sql`insert into lookup_counts (register_id, slot, cards, missed) values (1, now(), 7, 2)`
  await sql`
    insert into customers (card, first_name) select (111110 + n)::text, ${NASTY} from generate_series(1, 7) n`
  await sql`
    insert into people (telegram_id, customer_id, language)
    select 1000 + id, id, 'ru' from customers where card in ('111113', '111114')`
  await sql`
    insert into consents (customer_id, purpose, version, channel, recorded_by, given_at)
    select customer_id, purpose, 'test', 'bot', 'system:telegram', now()
    from people cross join unnest('{programme,advertising}'::text[]) purpose`
  const at = (day: number, step = 0) => noonOf(day) + step * 60_000
  const spent = redeem(40, { card: '111112', at: at(1) })
  const given = redeem(10, { card: '111112', at: at(2) })
  const bought = earn(100_000, { card: '111113', at: at(60) })
  const owing = redeem(40, { card: '111113', at: at(60, 1) })
  const shown = { card: '111114', expiresAt: now }
  const held = redeem(30, { ...showing(shown), card: '111114', at: now - 30_000, receipt: NASTY })
  const doubtful = redeem(20, { card: '111115', at: at(60, 1) })
  const executed = [
    earn(100_000, { card: '111111', at: at(0) }), // dies
    adjust(100, { card: '111112', at: at(0), reason: NASTY }),
    spent,
    apply(spent, { at: at(1, 1) }),
    refund(spent, { refundKopecks: 100_000, at: at(1, 2) }),
    given,
    release(given, { at: at(2, 1), reason: NASTY }),
    bought,
    owing,
    apply(owing, { at: at(60, 2) }),
    adjust(-398, { card: '111113', at: at(60, 3) }),
    refund(bought, { at: at(60, 4) }), // leaves a debt
    adjust(500, { card: '111114', at: at(60) }),
    held,
    adjust(500, { card: '111115', at: at(60) }),
    doubtful,
    adjust(77, { card: '111116', at: at(60) }),
    earn(50_000, { card: '111117', at: at(0) }), // dies
    earn(25_000, { card: '111117', at: at(60) }),
    merge('111117', { card: '111114', at: at(60, 5) }),
  ].sort((left, right) => left.at - right.at)
  await execute(sql, ...executed)
  await sql`update customers set status = 'erased', first_name = null, profile_tx = pg_current_xact_id() where card = '111116'`
  for (const job of [expireJob, sweepJob]) await runJob(sql, job, { now })
  await perform(publishRuleBook, { document: bookOfEverything, reason: 'проба' }, byAdmin(sql, now))
  const until = toIso(now + DAY)
  await perform(setStatus, { card: '111112', status: 'silver', until, reason: 'подруга' }, byAdmin(sql, now))
  const items = [{ sku: '0042', name: NASTY_GOODS, category: 'Чай', quantity: 0.5, kopecks: 10_000 }]
  await execute(sql, earn(10_000, { card: '111112', at: now, items }))
  await inviteEachOther(sql)
  await spendVouchers(sql)
  await sql`
    insert into segments values (1, 'near', 'Рядом', '{"type": "home_store", "ids": [1]}', ${toIso(now)}, 'admin:anna')`
  await sql`insert into customer_segments (customer_id, names) select id, '{near}' from customers where card = '111112'`
  await sql`
    insert into campaigns (programme_id, name, document, state, owner, saved_at)
    values (1, 'autumn', '{"name": "autumn", "title": "Осень", "purpose": "проба", "gift": {"points": 5}}', 'draft',
      'admin:anna', ${toIso(now)})`
  await sql`
    insert into campaign_people (campaign_id, customer_id, is_held_out)
    select campaigns.id, customers.id, true from campaigns cross join customers where card = '111112'`
  await sql`
    insert into trials (programme_id, campaign_id, version, document, days, asked_by, asked_at, state)
    select programme_id, id, version, document, 30, 'anna', ${toIso(now)}, 'waiting' from campaigns`
  return { held, executed, password: await furnish(sql) }
}

/** A friend who bought and was rewarded with who invited, and one whom a person looks at. */
async function inviteEachOther(sql: Sql): Promise<void> {
  const idOf = (card: string) => sql`(select id from customers where card = ${card})`
  await sql`
    insert into referrals (referee_id, referrer_id, programme_id, invited_at, state)
    values (${idOf('111112')}, ${idOf('111115')}, 1, ${toIso(now)}, 'waiting'),
      (${idOf('111117')}, ${idOf('111115')}, 1, ${toIso(now)}, 'flagged')`
  for (const { refereeId } of await sql<{ refereeId: number }[]>`
    select referee_id as "refereeId" from referrals where state = 'waiting'`)
    await settle(sql, refereeId, { now, timeZone: 'Europe/Moscow' })
  await sql`insert into referral_codes select id, 'abcdefghjk' from customers where card = '111115'`
  await sql`insert into staff_cards select id, ${toIso(now)}, 'admin:anna' from customers where card = '111111'`
  await sql`insert into former_friends values (${hashSecret('a friend')})`
}

/** Codes that are held, used twice, and given back; and one that only its customer may use. */
async function spendVouchers(sql: Sql): Promise<void> {
  const [customer] = await sql<{ id: number }[]>`select id from customers where card = '111112'`
  const twice = voucherOf({ type: 'discount_kopecks', kopecks: 5_000 }, { uses_per_code: 2 })
  const gift = voucherOf({ type: 'points', points: 30 }, {}, { ownerId: customer?.id ?? 0 })
  const back = voucherOf({ type: 'discount_percent', basis_points: 1000, cap_kopecks: 9_000 })
  await addVouchers(sql, twice, gift, back)
  await sql`insert into voucher_key (fingerprint) values (${hashSecret('the key')})`
  const shown = (voucher: typeof twice, kopecks: number) =>
    redeem(0, { card: '111112', at: now, purchaseKopecks: kopecks, ...withVoucher(voucher) })
  const [used, given, returned] = [shown(twice, 50_200), shown(gift, 50_300), shown(back, 50_400)]
  const taken = [used, given, returned].flatMap((one) => [one, apply(one, { at: now })])
  await execute(sql, shown(twice, 50_100), ...taken, refund(returned, { at: now }))
}

/** Everything beside the ledger: facts, messages in each state, the key of the codes, releases, and what IT has. */
async function furnish(sql: Sql): Promise<string> {
  await readOn(sql, createFactsReader('Europe/Moscow'))
  await openCodes(sql)
  await sql`update notifications set state = 'sent', settled_at = ${toIso(now)} where kind = 'earned'`
  await sql`update notifications set begun_at = ${toIso(now)}, attempts = 1 where kind = 'spent'`
  await sql`insert into welcomed values (${hashSecret('a person')})`
  await sql`insert into erasures values ('111116', ${toIso(now)})`
  await sql`
    insert into debtors select id, ${hashSecret('a person')}, ${toIso(now)} from customers where card = '111116'`
  await sql`insert into mini_app_sessions values (${hashSecret('data')}, ${hashSecret('app')}, ${toIso(now)})`
  await sql`insert into pairing_codes (code_hash, store_id, expires_at) values (${hashSecret('code')}, 1, now())`
  await sql`update stores set opens_at = '09:00', closes_at = '21:00', time_zone = 'Europe/Moscow' where id = 1`
  await sql`insert into diagnostics (register_id, received_at, content) values (1, now(), ${NASTY})`
  await sql`
    insert into discrepancies (kind, reference, details, filed_at) values ('parked', 'x', '{}', ${toIso(now)})`
  await sql`
    insert into alerts (kind, reference, register_id, details, since) values ('queue', '1', 1, '{}', ${toIso(now)})`
  await sql`insert into releases (version, published_at) values ('1.0.0', ${toIso(now)})`
  await sql`
    insert into release_files (name, version, kind, size_bytes, sha512)
    values ('a.exe', '1.0.0', 'installer', 9000000000, ${Buffer.alloc(64, 7)})`
  await sql`
    insert into release_channels (channel, version, percent, published_at)
    values ('beta', '1.0.0', 10, ${toIso(now)})`
  await sql`insert into staff_attempts values (${hashSecret('name')}, 5, ${toIso(now)})`
  const { password } = await perform(addAccount, { name: 'anna' }, byAdmin(sql, now))
  await sql`
    insert into act_requests values ('anna', 'a key', ${toIso(now)}, ${hashSecret('an input')}, '{"status": "done"}')`
  await sql`
    insert into proposals (act, input, programme_id, hash, needs, proposed_by, proposed_at, expires_at, state)
    values ('customer adjust', '{}', 1, ${hashSecret('an input')}, '{finance}', 'anna', ${toIso(now)}, ${toIso(now)}, 'open')`
  await sql`insert into proposal_approvals select id, 'olga', ${toIso(now)} from proposals`
  await sql`insert into staff_recovery_codes values ('anna', ${hashSecret('a code')})`
  await sql`
    insert into staff_passkeys (id, account, title, public_key, counter, created_at)
    values ('a-key', 'anna', 'Ноутбук', '\\x01', 3, ${toIso(now)})`
  await sql`insert into staff_telegram (account, telegram_id, bound_at) values ('anna', 7, ${toIso(now)})`
  await sql`
    insert into proposal_messages select id, 'anna', proposed_at, 7, 12, null from proposals where state = 'open'`
  await noteHead(sql, now)
  return password
}

export async function backUpTo(sql: Sql, file: string): Promise<string> {
  await backUp(sql, { now, save: (lines) => writeFile(file, lines, verifyBackup) })
  return file
}

/** Every row of every table, but for the numbers of transactions, which are the server's. */
export async function contentsOf(sql: Sql): Promise<Record<string, string[]>> {
  const contents: Record<string, string[]> = {}
  for (const { name, columns } of await readTables(sql)) {
    const list = columns
      .filter(({ type }) => type !== 'xid8')
      .map((column) => sql`${sql(column.name)}::text`)
      .reduce((left, right) => sql`${left}, ${right}`)
    const rows = await sql<{ line: string }[]>`select row(${list})::text as line from ${sql(name)} order by 1`
    contents[name] = rows.map(({ line }) => line)
  }
  return contents
}
