import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { bareEnvironment } from '../testing/process.ts'
import { say } from './testing.ts'

const main = join(import.meta.dirname, 'main.ts')

async function admin(args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [main, ...args], { env: { ...bareEnvironment(), ...env } })
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, error, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { out, error, exitCode }
}

describe('the command line', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())
  const run = (...args: string[]) => admin(args, { DATABASE_URL: database.url })
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out)

  it('enrols a shop, a register and a customer', async () => {
    expect(await json('store', 'add', '--name', 'Ашукино')).toEqual({ storeId: 1 })
    const key = expect.stringMatching(/^kop_[\w-]{43}$/)
    const register = await json('register', 'add', '--store', '1', '--name', 'Касса 1')
    expect(register).toEqual({ registerId: 1, key })
    const expiresAt = expect.stringMatching(/Z$/)
    expect(await json('register', 'code', '--store', 'Ашукино')).toEqual({
      code: expect.stringMatching(/^\w{8}$/),
      expiresAt,
    })
    expect(await json('customer', 'add', '--name', 'Анна', '--card', '654321')).toEqual({ card: '654321' })
    const adjust = ['customer', 'adjust', '--card', '654321', '--reason', 'проба', '--points']
    expect(await json(...adjust, '100')).toMatchObject({ status: 'accepted', earned: 100 })
    expect(await json(...adjust, '-40')).toMatchObject({ status: 'accepted', earned: -40 })
    expect(await json('customer', 'show', '--card', '654321')).toMatchObject({ available: 60 })
    expect(await json('audit')).toEqual({ violations: [] })
  })

  it('speaks to people without --json', async () => {
    const { out, error, exitCode } = await run('settings', 'set', 'lifetime_days=60')
    expect({ out, error, exitCode }).toEqual({
      out: 'setting        value\nlifetime_days     60\n',
      error: '',
      exitCode: 0,
    })
  })

  it('ends with 1 and one line when it cannot do what was asked', async () => {
    const { out, error, exitCode } = await run('customer', 'show', '--card', '000000')
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 1 })
    expect(error).toBe('No customer has the card 000000: try "customer find".\n')

    const asJson = await run('customer', 'show', '--card', '000000', '--json')
    expect(JSON.parse(asJson.error)).toEqual({
      error: { code: 'customer_not_found', message: 'No customer has the card 000000: try "customer find".' },
    })
  })

  it.each([
    [
      'its connection breaks at the commit',
      'perform pg_terminate_backend(pg_backend_pid())',
      'unavailable',
      '111111',
    ],
    ['something unknown happens', "raise 'no'", 'failed', '222222'],
  ])('says with which id an adjustment is safely repeated when %s', async (_what, statement, code, card) => {
    await json('customer', 'add', '--name', 'Борис', '--card', card)
    await database.sql.unsafe(`
      create function fail() returns trigger language plpgsql as $$ begin ${statement}; return new; end $$;
      create constraint trigger fail after insert on audit_log deferrable initially deferred
        for each row execute function fail()`)
    const adjust = ['customer', 'adjust', '--card', card, '--points', '7', '--reason', 'проба']
    const { error, exitCode } = await run(...adjust, '--json')
    expect(exitCode).toBe(1)
    expect(JSON.parse(error).error).toMatchObject({
      code,
      message: expect.stringMatching(/not known whether/),
    })
    await database.sql`drop function fail cascade`

    const id = /--id ([\da-f-]{36})/.exec(error)?.[1] ?? ''
    const first = await run(...adjust, '--id', id)
    expect(first).toEqual({ out: `+7 points: card ${card} now has 7 available.\n`, error: '', exitCode: 0 })
    expect(await run(...adjust, '--id', id.toUpperCase())).toEqual(first)
  })

  it('ends with 1 when the audit finds something', async () => {
    await database.sql`insert into customers (card, debt) values ('777777', 7)`
    const { out, exitCode } = await run('audit', '--json')
    expect(exitCode).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ violations: [{ query: 'debt_is_the_sum_of_entries' }] })
    await database.sql`update customers set debt = 0 where card = '777777'`
  })

  it.each([
    [['store', 'add'], /--name is missing.\nUsage: .* store add --name <name>/],
    [['store', 'add', '--nam', 'x'], /Unknown option '--nam'.\nUsage/],
    [['store', 'add', '--name', 'a', 'b'], /"b" is one word too many/],
    [
      ['customer', 'add', '--name', 'Анна', '--card', '12345678'],
      /--card cannot be used: a card is 6, 7 or 9–12/,
    ],
    [['settings', 'set', 'lifetime', '5'], /<key> cannot be used: the settings are cashback_basis_points/],
    [['settings', 'set', 'lifetime_days', '0'], /lifetime_days cannot be 0/],
    [
      ['customer', 'adjust', '--card', '654321', '--points', '1', '--reason', 'x', '--id', '7'],
      /--id cannot be used/,
    ],
    [['job', 'run', 'expire', '--now', 'yesterday'], /--now cannot be used: a time such as/],
    [['register', 'revoke', '--store', '1'], /Give --register, or --store and --name/],
    [['shop', 'add'], /There is no such command(.|\n)*store add/],
    [[], /^$/],
  ])('answers with 2 and the usage when it does not understand: %j', async (args, message) => {
    const { error, exitCode } = await say(args, database.url)
    expect(exitCode).toBe(2)
    expect(error).toMatch(message)
  })

  it('ends with what it answers', async () => {
    const { error, exitCode } = await run('shop', 'add')
    expect(exitCode).toBe(2)
    expect(error).toMatch(/There is no such command/)
  })

  it('warns on stderr when a job is run for a moment that has not come', async () => {
    const expire = ['job', 'run', 'expire', '--now', '2999-01-01']
    const { out, error, exitCode } = await run(...expire)
    expect(exitCode).toBe(0)
    expect(out).toMatch(/^The job expire ran for 2999-01-01T00:00:00.000Z: /)
    expect(error).toMatch(/^Warning: 2999-01-01T00:00:00.000Z has not come yet.*\n$/)
    expect(JSON.parse((await run(...expire, '--json')).error)).toEqual({
      warning: expect.stringMatching(/not come yet/),
    })
  })

  it('says when the database is away', async () => {
    const url = 'postgres://kopilka@127.0.0.1:1/kopilka'
    const { error, exitCode } = await admin(['audit', '--json'], { DATABASE_URL: url })
    expect(exitCode).toBe(1)
    expect(JSON.parse(error)).toMatchObject({ error: { code: 'unavailable' } })
  })

  it('works without DATABASE_URL on the embedded server, started for the command, and migrates it', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'kopilka-admin-'))
    const env = { KOPILKA_DATA: join(dataDir, 'data') }
    const added = await admin(['store', 'add', '--name', 'Правда', '--json'], env)
    expect(added).toEqual({ out: '{"storeId":1}\n', error: '', exitCode: 0 })
    const listed = await admin(['store', 'list', '--json'], env)
    expect(JSON.parse(listed.out)).toMatchObject({ stores: [{ name: 'Правда' }] })
    await rm(dataDir, { recursive: true })
  })
})
