import { describe, expect, it } from 'vitest'
import { type Instant, MINUTE } from '../../shared/time.ts'
import type { Alert } from './alerts.ts'
import { type Facts, findingsOf } from './findings.ts'
import { type FleetRegister, SILENT_AFTER_MS } from './read.ts'

const now: Instant = Date.parse('2025-12-07T12:00:00.000Z')
const hours = { opensAt: '09:00', closesAt: '21:00', timeZone: 'Europe/Moscow' }

interface Wanted {
  seenMinutesAgo?: number | null
  exchange?: string
  queuedMinutesAgo?: number
  hours?: typeof hours | null
  isRevoked?: boolean
  at?: Instant
}

function register(wanted: Wanted): FleetRegister {
  const at = wanted.at ?? now
  const seen = wanted.seenMinutesAgo === undefined ? 0 : wanted.seenMinutesAgo
  const lastSeenAt = seen === null ? null : at - seen * MINUTE
  return {
    registerId: 7,
    name: 'Касса 1',
    store: { id: 1, name: 'Ашукино', hours: wanted.hours === undefined ? hours : wanted.hours },
    channel: 'stable',
    version: '1.0.0',
    lastSeenAt,
    revokedAt: wanted.isRevoked ? at : null,
    diagnosticsAskedAt: null,
    heartbeat: {
      queueDepth: wanted.queuedMinutesAgo === undefined ? 0 : 3,
      oldestQueuedSeconds: null,
      exchange: wanted.exchange ?? 'ok',
      clockOffsetMs: 0,
      parked: 0,
      errors: [],
      update: null,
    },
    queuedSince: wanted.queuedMinutesAgo === undefined ? null : at - wanted.queuedMinutesAgo * MINUTE,
    isSilent: lastSeenAt !== null && at - lastSeenAt > SILENT_AFTER_MS,
    alerts: [],
    concerns: [],
  }
}

const nothing: Facts = { registers: [], open: [], discrepancies: [], jobs: [] }
const kinds = (facts: Partial<Facts>, at = now) =>
  findingsOf({ ...nothing, ...facts }, at).map(({ kind, reference }) => `${kind} ${reference}`)
const open = (kind: Alert['kind']): Alert[] => [
  { id: 1, kind, reference: 'register 7', registerId: 7, where: null, what: '', since: now, endedAt: null },
]

describe('what IT should know of a register', () => {
  it.each<[string, Wanted, Alert[], string[]]>([
    ['nothing where all is well', {}, [], []],
    ['not yet after ten minutes', { seenMinutesAgo: 10 }, [], []],
    ['silence of more than ten', { seenMinutesAgo: 11 }, [], ['silent register 7']],
    ['no silence where nobody gave hours', { seenMinutesAgo: 600, hours: null }, [], []],
    ['no silence of one that never spoke', { seenMinutesAgo: null }, [], []],
    ['nothing of one that was revoked', { seenMinutesAgo: 600, isRevoked: true, exchange: 'away' }, [], []],
    ['a queue of more than 15 minutes', { queuedMinutesAgo: 16 }, [], ['queue register 7']],
    ['no queue of 15', { queuedMinutesAgo: 15 }, [], []],
    [
      'a queue that was taken into the night',
      { seenMinutesAgo: 600, hours: null, queuedMinutesAgo: 601 },
      [],
      ['queue register 7'],
    ],
    ['an exchange that does not go', { exchange: 'alert: amount.json' }, [], ['exchange register 7']],
    ['nothing of a register that is just starting', { exchange: 'starting' }, [], []],
    ['a folder that is away', { exchange: 'away: ENOENT' }, [], ['exchange register 7']],
    ['no exchange of a silent one', { exchange: 'away', seenMinutesAgo: 11, hours: null }, [], []],
    [
      'an exchange as it was before the silence',
      { exchange: 'ok', seenMinutesAgo: 11, hours: null },
      open('exchange'),
      ['exchange register 7'],
    ],
  ])('%s', (_what, wanted, alerts, expected) => {
    expect(kinds({ registers: [register(wanted)], open: alerts })).toEqual(expected)
  })

  it.each([
    ['closed', '05:30', []],
    ['open for ten minutes, as machines start', '06:10', []],
    ['open for longer', '06:11', ['silent register 7']],
    ['closed again', '18:00', []],
  ])('a silence of the night is one only when the shop is %s', (_what, time, expected) => {
    const at = Date.parse(`2025-12-07T${time}:00.000Z`)
    expect(kinds({ registers: [register({ seenMinutesAgo: 900, at })] }, at)).toEqual(expected)
  })

  it('a silence that began by day goes on in the night, until the register is heard of', () => {
    const night = Date.parse('2025-12-07T20:00:00.000Z')
    const silent = register({ seenMinutesAgo: 300, at: night })
    expect(kinds({ registers: [silent], open: open('silent') }, night)).toEqual(['silent register 7'])
    expect(kinds({ registers: [register({ at: night })], open: open('silent') }, night)).toEqual([])
  })
})

describe('what IT should know of the cloud', () => {
  const failed = (job: string, minutesAgo: number, isDaily: boolean) => ({
    jobs: [{ job, error: 'no', failedAt: now - minutesAgo * MINUTE, isDaily }],
  })
  it.each<[string, Partial<Facts>, string[]]>([
    ['a daily job that failed, until it goes well', failed('expire', 900, true), ['job expire']],
    ['a job of every moment that failed just now', failed('sweep', 59, false), ['job sweep']],
    ['no failure of a job of every moment that has long gone well', failed('sweep', 60, false), []],
    [
      'each discrepancy',
      { discrepancies: [{ id: 4, kind: 'parked', storeName: 'Ашукино', isOfAudit: false }] },
      ['discrepancy 4'],
    ],
    [
      'an audit that is not empty, once',
      { discrepancies: [5, 6].map((id) => ({ id, kind: 'audit', storeName: null, isOfAudit: true })) },
      ['audit ledger'],
    ],
  ])('%s', (_what, facts, expected) => {
    expect(kinds(facts)).toEqual(expected)
  })
})
