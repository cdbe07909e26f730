import { describe, expect, it } from 'vitest'
import { budgetSchema } from '../../shared/rules/budget.ts'
import { type Instant, MINUTE } from '../../shared/time.ts'
import { thresholdsSchema } from '../ledger/thresholds.ts'
import type { RegisterActivity } from './activity.ts'
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
    programmeId: 1,
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

const gifts = {
  ...{ programmeId: 1, budgetId: 'gifts', period: '2025-12', storeId: null, store: null, spent: 90 },
  budget: budgetSchema.parse({ id: 'gifts', title: 'Подарки', limit_points: 100, period: 'month' }),
}

const nothing: Facts = {
  registers: [],
  open: [],
  discrepancies: [],
  jobs: [],
  activity: [],
  givers: [],
  mergers: [],
  manyCards: [],
  busyCards: [],
  flaggedDays: [],
  budgets: [],
  doneAlone: [],
  usual: new Map([[1, { ...thresholdsSchema.parse({}), maxOpenHolds: 5 }]]),
}
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
  it.each<[string, Partial<Facts>, string[]]>([
    ['a job that failed', { jobs: [{ job: 'expire', error: 'no', failedAt: now }] }, ['job expire']],
    [
      'discrepancies, once a kind and register',
      {
        registers: [register({})],
        discrepancies: [
          { kind: 'hold_in_doubt', registerId: 7, count: 2 },
          { kind: 'parked', registerId: 7, count: 6000 },
          { kind: 'parked', registerId: null, count: 1 },
        ],
      },
      ['discrepancy hold_in_doubt of register 7', 'discrepancy parked of register 7', 'discrepancy parked'],
    ],
    [
      'an audit that is not empty, once',
      { discrepancies: [{ kind: 'audit', registerId: null, count: 2 }] },
      ['audit ledger'],
    ],
    [
      'a card with more purchases than a customer makes, without saying which',
      { busyCards: [{ customerId: 3, card: '654321', purchases: 11, points: 400 }] },
      ['purchases customer 3'],
    ],
    [
      'a card with more purchases in a day than the rule book lets pass unseen',
      { flaggedDays: [{ customerId: 3, card: '654321', day: '2025-12-07', purchases: 6 }] },
      ['limit customer 3 on 2025-12-07'],
    ],
    [
      'a budget that is nearly given, and one that is wholly given',
      {
        budgets: [
          { ...gifts, softAt: now, hardAt: null },
          { ...gifts, storeId: 3, store: 'Ашукино', softAt: now, hardAt: now },
        ],
      },
      [
        'budget budget 1 gifts 2025-12 soft',
        'budget budget 1 gifts 2025-12 3 soft',
        'budget budget 1 gifts 2025-12 3 hard',
      ],
    ],
    [
      'what one person did without the approvals, until somebody else has looked',
      { doneAlone: [{ id: 9, act: 'customer adjust', decidedBy: 'anna' }] },
      ['break_glass proposal 9'],
    ],
  ])('%s', (_what, facts, expected) => {
    expect(kinds(facts)).toEqual(expected)
  })
})

describe('what somebody with the key of a register would do', () => {
  const usual: RegisterActivity = {
    registerId: 7,
    openHolds: 4,
    redemptions: 60,
    cards: 60,
    missed: 30,
    points: 20_000,
    merges: 20,
  }
  const found = (activity: Partial<RegisterActivity>, wanted: Wanted = {}) =>
    findingsOf({ ...nothing, registers: [register(wanted)], activity: [{ ...usual, ...activity }] }, now)

  it.each<[string, Partial<RegisterActivity>, string[]]>([
    ['is nothing as long as a busy till might do it', {}, []],
    ['is to have as many redemptions open as it may', { openHolds: 5 }, ['holds']],
    ['is to redeem more in an hour than it has customers', { redemptions: 61 }, ['holds']],
    ['is one alert, however it shows', { openHolds: 5, redemptions: 61 }, ['holds']],
    ['is to look up many different cards', { cards: 61 }, ['lookups']],
    ['is to look up many cards that nobody has', { missed: 31 }, ['lookups']],
    ['is to earn many points', { points: 20_001 }, ['points']],
    ['is to make many cards one', { merges: 21 }, ['merges']],
  ])('%s', (_what, activity, expected) => {
    expect(found(activity).map(({ kind }) => kind)).toEqual(expected)
  })

  it('is told also of a register that has never sent a heartbeat, and of none that is revoked', () => {
    expect(found({ cards: 61 }, { seenMinutesAgo: null })).toMatchObject([
      {
        kind: 'lookups',
        reference: 'register 7',
        registerId: 7,
        where: 'Ашукино, Касса 1',
        what: "61 different cards looked up within ten minutes, 30 of them nobody's",
      },
    ])
    expect(found({ cards: 61 }, { isRevoked: true })).toEqual([])
  })
})
