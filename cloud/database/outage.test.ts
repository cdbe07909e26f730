import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { isConflict, isOutage } from './outage.ts'

const failure = (code: string) => Object.assign(new Error(code), { code })

describe('a failure of the database', () => {
  it.each([
    // code, what happened, is an outage, is a conflict
    ['CONNECTION_CLOSED', 'the server closed the connection', true, false],
    ['CONNECTION_ENDED', 'the pool is closed', true, false],
    ['CONNECTION_DESTROYED', 'the pool was torn down', true, false],
    ['CONNECT_TIMEOUT', 'no answer in time', true, false],
    ['ECONNREFUSED', 'nobody listens', true, false],
    ['ECONNRESET', 'the connection broke', true, false],
    ['EPIPE', 'written to a broken connection', true, false],
    ['ENOTFOUND', 'the host has no address', true, false],
    ['EAI_AGAIN', 'the name server is away', true, false],
    ['ETIMEDOUT', 'the network is silent', true, false],
    ['EHOSTUNREACH', 'no way to the host', true, false],
    ['08006', 'connection failure', true, false],
    ['08P01', 'pgbouncer has no server', true, false],
    ['53100', 'disk full', true, false],
    ['53300', 'too many connections', true, false],
    ['57014', 'cancelled by statement_timeout', true, false],
    ['57P01', 'shut down by the administrator', true, false],
    ['57P02', 'a backend crashed', true, false],
    ['57P03', 'starting up', true, false],
    ['55P03', 'a lock was not available in time', true, false],
    ['25006', 'a standby: read only', true, false],
    ['40001', 'serialization failure', false, true],
    ['40P01', 'deadlock', false, true],
    ['23505', 'the same key was inserted first by another', false, true],
    ['23514', 'a check constraint: a bug', false, false],
    ['23503', 'a foreign key: a bug', false, false],
    ['42P01', 'no such table: a bug', false, false],
    ['28P01', 'wrong password: a mistake of the set-up', false, false],
    ['25P02', 'the transaction is aborted', false, false],
    ['55000', 'object not in the right state', false, false],
    ['UNDEFINED_VALUE', 'a bug of ours', false, false],
  ])('%s (%s): outage %s, conflict %s', (code, _what, outage, conflict) => {
    expect({ outage: isOutage(failure(code)), conflict: isConflict(failure(code)) }).toEqual({
      outage,
      conflict,
    })
  })

  it('is recognised inside the error that wraps it', () => {
    expect(isOutage(new Error('posting failed', { cause: failure('ECONNREFUSED') }))).toBe(true)
    expect(isConflict(new Error('posting failed', { cause: failure('40P01') }))).toBe(true)
  })

  it.each([undefined, null, 'ECONNREFUSED', 42, {}, new Error('no code'), { code: 8006 }])(
    'is neither when it carries no code: %s',
    (error) => {
      expect(isOutage(error)).toBe(false)
      expect(isConflict(error)).toBe(false)
    },
  )

  it('is an outage when nobody listens on the port', async () => {
    const sql = postgres('postgres://nobody@127.0.0.1:1/nothing', { max: 1 })
    const error = await sql`select 1`.catch((reason: unknown) => reason)
    expect(isOutage(error)).toBe(true)
    await sql.end()
  })
})
