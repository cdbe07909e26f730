import { afterEach, beforeEach, expect, it } from 'vitest'
import { perform } from '../acts/act.ts'
import { addStore } from '../acts/stores.ts'
import { byAdmin } from '../acts/testing.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { auditLogCommands } from './auditLog.ts'
import { houseOf } from './testing.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  for (const name of ['Ашукино', 'Правда']) await perform(addStore, { name }, byAdmin(database.sql))
})
afterEach(() => database.drop())

async function run(name: string, ...args: string[]) {
  const command = auditLogCommands[name]
  if (!command) throw new Error(`there is no command ${name}`)
  return await command.prepare(args)(houseOf(database.sql))
}

it('the log is listed, the latest first, and searched by what a change says', async () => {
  const all = await run('audit-log list')
  expect(all.result).toMatchObject({
    changes: [
      { id: 2, who: 'admin:anna', action: 'store add', subject: 'store 2', after: { name: 'Правда' } },
      { id: 1, who: 'admin:anna', action: 'store add', subject: 'store 1', after: { name: 'Ашукино' } },
    ],
  })
  expect(all.text.split('\n')).toHaveLength(3)
  expect((await run('audit-log list', '--text', 'ашук')).result).toMatchObject({ changes: [{ id: 1 }] })
  expect((await run('audit-log list', '--before', '2', '--limit', '5')).result).toMatchObject({
    changes: [{ id: 1 }],
  })
})

it('a whole log is told with its end, which proves later that nothing was taken out', async () => {
  const whole = await run('audit-log verify')
  expect(whole).toMatchObject({ exitCode: 0, result: { rows: 2, broken: [], lost: [] } })
  expect(whole.text).toMatch(/^The log of changes is whole: 2 rows.* It ends at 2:[0-9a-f]{64}$/)
  const { head } = whole.result as { head: string }
  await perform(addStore, { name: 'Софрино' }, byAdmin(database.sql))
  expect(await run('audit-log verify', '--head', head)).toMatchObject({ exitCode: 0 })

  const other = `2:${'0'.repeat(64)}`
  const lost = await run('audit-log verify', '--head', other)
  expect(lost).toMatchObject({ exitCode: 1, result: { lost: [other] } })
  expect(lost.text).toContain(`The log ended at ${other} once`)
})

it('a changed row is named', async () => {
  await database.sql`alter table audit_log disable trigger audit_log_append_only`
  await database.sql`update audit_log set who = 'admin:olga' where id = 1`
  const changed = await run('audit-log verify')
  expect(changed).toMatchObject({ exitCode: 1, result: { broken: [1] } })
  expect(changed.text).toContain('Row 1 was changed')
})

it('what is no head is refused before anything is asked', () => {
  expect(() => auditLogCommands['audit-log verify']?.prepare(['--head', '2'])).toThrow(
    '--head cannot be used',
  )
})
