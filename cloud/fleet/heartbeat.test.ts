import { expect, test } from 'vitest'
import { readHeartbeat } from './heartbeat.ts'

const nothingMore = { parked: null, errors: [], update: null }

test.each([
  ['nobody has sent one', null, null],
  [
    'an older register says less',
    { version: '1', queueDepth: 3, oldestQueuedSeconds: 1.5, exchange: 'ok', clockOffsetMs: null },
    { queueDepth: 3, oldestQueuedSeconds: 1.5, exchange: 'ok', clockOffsetMs: null, ...nothingMore },
  ],
  [
    'a newer one says more, and some of it otherwise',
    {
      queueDepth: 'many',
      exchange: { state: 'ok' },
      parked: -0.5,
      errors: 'none',
      update: { state: 'ready', progress: 7 },
    },
    {
      queueDepth: 0,
      oldestQueuedSeconds: null,
      exchange: null,
      clockOffsetMs: null,
      ...nothingMore,
      update: { state: 'ready', version: null, problem: null },
    },
  ],
])('a heartbeat is read as far as it can be: %s', (_what, stored, read) => {
  expect(readHeartbeat(stored)).toEqual(read)
})
