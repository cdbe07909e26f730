import { expect, test } from 'vitest'
import type { ExchangeState } from '../../../shared/bridge.ts'
import { heartbeatOf } from './heartbeat.ts'

test.each<[ExchangeState, string]>([
  [{ state: 'ok', problem: null }, 'ok'],
  [{ state: 'away', problem: null }, 'starting'],
  [{ state: 'away', problem: 'ENOENT' }, 'away: ENOENT'],
  [{ state: 'alert', problem: 'not_json' }, 'alert: not_json'],
])('the exchange %j is told as %s', (exchange, words) => {
  expect(heartbeatOf({ exchange, errors: [] })).toEqual({ exchange: words, errors: [] })
})
