import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { beginAlerts } from '../fleet/alerts.ts'
import { noon, say } from './testing.ts'

/** Clears a terminal in two ways, writes a second line, turns what follows around. */
const bad = 'Касса\x1b[2J\x9b2J\n9 all is well\u202e'

describe('what somebody else wrote', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
    const { sql } = database
    await sql`insert into stores (name) values (${bad})`
    const heartbeat = { queueDepth: 2, oldestQueuedSeconds: 60, exchange: bad, clockOffsetMs: 0 }
    await sql`
      insert into registers (store_id, name, key_hash, version, last_seen_at, heartbeat)
      values (1, ${bad}, '\\x01', '1.2.3', now(), ${sql.json(heartbeat)})`
    await sql`insert into customers (card, first_name) values ('654321', ${bad})`
    await sql`
      insert into discrepancies (kind, reference, details, filed_at)
      values ('parked', ${bad}, ${sql.json({ message: bad })}, now())`
    await beginAlerts(sql, [{ kind: 'exchange', reference: '1', registerId: 1, where: bad, what: bad }], noon)
  })
  afterAll(() => database.drop())

  it.each([
    ['store list', 2],
    ['register list', 2],
    ['fleet', 3],
    ['customer find Касса', 2],
    ['customer show --card 654321', 5],
    ['discrepancy list', 2],
  ])('is shown by %j without playing with the terminal', async (words, lines) => {
    const args = words.split(' ')
    const said = await say(args, database.url)
    const text = said.out + said.error
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u)
    expect(text.split('\n')).toHaveLength(lines)

    const data = await say([...args, '--json'], database.url)
    for (const json of [data.out, data.error].filter(Boolean)) {
      expect(json).not.toMatch(/\p{Cc}|\u202e/u)
      expect(typeof JSON.parse(json)).toBe('object')
    }
  })

  it('is shown so in a refusal too', async () => {
    const said = await say(['register', 'add', '--store', '1', '--name', bad], database.url)
    expect(said.error).toContain('Касса�[2J�2J\n9 all is well�')
  })
})
