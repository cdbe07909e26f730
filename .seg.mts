import { openTemporaryPostgres } from './cloud/database/temporary.ts'
import { connect } from './cloud/database/connect.ts'
import { migrate } from './cloud/database/migrate.ts'
import { readSegments } from './cloud/insight/segments/read.ts'
import { previewSegment, countMembers } from './cloud/insight/segments/preview.ts'
import { previewAudience } from './cloud/campaigns/audience.ts'
import { existsSync } from 'node:fs'
const pg = await openTemporaryPostgres()
const sql = connect(pg.url, { poolSize: 4 })
try {
  await migrate(sql).catch(() => {})
  await sql.begin(async (sql) => { await sql`set local statement_timeout = 0`; await sql`insert into customers (card, first_name) select (10000000 + n)::text, 'Имя' from generate_series(1, 1000000) n` })
  await sql.begin(async (sql) => { await sql`set local statement_timeout = 0`; await sql`insert into customer_facts (customer_id, purchases, net_kopecks, first_purchase_at, last_purchase_at, home_store_id, points_earned, points_spent, points_expired, as_of)
    select id, 1 + id % 30, (id * 7919) % 9000000, now() - interval '300 days', now() - (id % 200) * interval '1 day', null, 500, 100, 0, now() from customers` })
  await sql.begin(async (sql) => { await sql`set local statement_timeout = 0`; await sql`insert into people (telegram_id, customer_id, language) select id, id, 'ru' from customers where id % 3 = 0` })
  await sql`vacuum analyze customers`; await sql`vacuum analyze customer_facts`; await sql`vacuum analyze people`
  console.log('ready'); while (!existsSync('/tmp/k/seg.go')) await new Promise((r) => setTimeout(r, 1000))
  const s = (await readSegments(sql, { now: Date.now(), timeZone: 'Europe/Moscow' })).get(1)!
  console.log([...s.known.keys()].join(' '))
  const def = { type: 'all', of: [{ type: 'net_kopecks', min: 1000000 }] } as any
  const inactive = s.known.get('inactive')!.definition
  for (let i = 0; i < 5; i++) { const t = performance.now(); const p = await previewSegment(sql, { name: 'x', definition: inactive }, s); const a = performance.now(); await countMembers(sql, inactive, s); const b = performance.now(); await previewAudience(sql, inactive, s); console.log('preview', Math.round(a - t), 'count', Math.round(b - a), 'audience', Math.round(performance.now() - b), p.members, p.customers) }
} finally { await sql.end(); await pg.stop() }
