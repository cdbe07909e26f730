import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { migrate } from '../database/migrate.ts'
import { createBareDatabase } from '../database/testing.ts'
import { findPerson } from './people.ts'

const MIGRATIONS = join(import.meta.dirname, '../sql/migrations')

it('a consent that was given before consents were rows of their own is kept, and so is who was erased', async () => {
  const { sql, drop } = await createBareDatabase()
  const before = await mkdtemp(join(tmpdir(), 'kopilka-migrations-'))
  for (const name of await readdir(MIGRATIONS))
    if (name < '008') await cp(join(MIGRATIONS, name), join(before, name))
  await migrate(sql, before)
  const at = '2026-01-02T03:04:05.678Z'
  await sql`insert into customers (card, first_name, status) values ('111111', 'Анна', 'active'), ('222222', null, 'erased')`
  await sql`
    insert into people (telegram_id, customer_id, language, consent_version, consented_at)
    values (7, 1, 'ru', '2026-11', ${at})`
  await sql`
    insert into audit_log (at, who, action, subject) values
      (${at}, 'admin:anna', 'customer erase', 'customer 222222'),
      (${at}, 'admin:anna', 'customer freeze', 'customer 111111')`

  await migrate(sql)
  expect(await findPerson(sql, 7)).toMatchObject({
    card: '111111',
    consentVersion: '2026-11',
    consentedAt: Date.parse(at),
  })
  expect(await sql`select channel, recorded_by from consents`).toEqual([
    { channel: 'telegram', recorded_by: 'system:telegram' },
  ])
  expect(await sql`select * from erasures`).toEqual([{ card: '222222', erased_at: Date.parse(at) }])
  await drop()
  await rm(before, { recursive: true })
})
