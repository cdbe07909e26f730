import { expect, test } from 'vitest'
import { heartbeatSchema } from '../../../shared/api.ts'
import { createFakeClock } from '../exchange/testing.ts'
import { createTestLog } from '../sync/testing.ts'
import { rememberErrors } from './latestErrors.ts'

const clock = createFakeClock()
const at = new Date(clock.now()).toISOString()

function remembering() {
  const testLog = createTestLog()
  return { ...rememberErrors(testLog.log, clock), testLog }
}

test('an error is logged as ever, and its message is remembered with the code of the failed call', () => {
  const { log, latest, testLog } = remembering()
  const full = Object.assign(new Error('write failed for Анна'), { code: 'ENOSPC' })
  log.error({ err: full, card: '654321' }, 'the journal did not take an operation')
  log.error('plain words')
  log.warn('only a warning')
  expect(latest()).toEqual([
    { at, text: 'the journal did not take an operation (ENOSPC)' },
    { at, text: 'plain words' },
  ])
  expect(testLog.lines().map(({ level }) => level)).toEqual([50, 50, 40])
  expect(testLog.text()).toContain('654321')
})

test('the latest ten are kept, each in a form that a heartbeat may carry', () => {
  const { log, latest } = remembering()
  for (let count = 1; count <= 12; count += 1) log.error(`${count} \0\ud800${'x'.repeat(500)}`)
  log.error({ err: new Error('no words') })
  expect(latest()).toHaveLength(10)
  expect(latest()[0]?.text).toMatch(/^3 /)
  const beat = { version: '1', queueDepth: 0, oldestQueuedSeconds: null, exchange: 'ok', clockOffsetMs: null }
  expect(heartbeatSchema.safeParse({ ...beat, errors: latest() }).success).toBe(true)
})
