import { pino } from 'pino'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { createTestDatabase } from './database/testing.ts'
import { serveCloud } from './serve.ts'

test('a job that waits has none of the connections that the sales wait for', async () => {
  const { sql, url, drop } = await createTestDatabase()
  const config = readConfig({ DATABASE_URL: url, PORT: '0' })
  const cloud = await serveCloud(config, pino({ level: 'silent' }))
  await sql.begin(async (locking) => {
    await locking`lock table holds in access exclusive mode`
    const waiting = () => sql`
      select distinct application_name as name from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    await expect.poll(waiting).toEqual([{ name: 'kopilka jobs' }])
  })
  await cloud.stop()
  await drop()
})
