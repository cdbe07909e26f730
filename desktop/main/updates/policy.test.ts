import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../shared/time.ts'
import { type Around, firstPlan, type Plan, shownOf, step, type UpdateEvent } from './policy.ts'

const HOUR = 60 * MINUTE
const idle: Plan = { ...firstPlan(0, 0), nextLookMs: HOUR }
const ready: Plan = { ...idle, version: '1.4.0', readyAtMs: 0 }
const day: Around = {
  elapsedMs: MINUTE,
  random: 0.5,
  isNight: false,
  isFree: true,
  isDown: false,
  refusalOf: () => null,
  wasTried: () => false,
}
const night = { ...day, isNight: true }
const stale = 10 * MINUTE

describe('a tick', () => {
  it.each<[what: string, plan: Plan, around: Around, effect: string | null]>([
    ['before the next look does nothing', idle, day, null],
    ['at the next look asks', idle, { ...day, elapsedMs: HOUR }, 'find'],
    ['asks also while somebody is at work', idle, { ...day, elapsedMs: HOUR, isFree: false }, 'find'],
    [
      'while something is under way does nothing',
      { ...idle, work: 'fetching' },
      { ...day, elapsedMs: HOUR },
      null,
    ],
    ['after a failure waits', { ...idle, pausedUntilMs: 2 * HOUR }, { ...day, elapsedMs: HOUR }, null],
    ['by day leaves what is ready', ready, day, null],
    ['at night installs what is ready', ready, night, 'install'],
    ['at night with nothing ready does nothing', idle, night, null],
    ['at night while somebody is at work leaves it', ready, { ...night, isFree: false }, null],
    [
      'at night asks again first when it was confirmed long ago',
      ready,
      { ...night, elapsedMs: stale },
      'find',
    ],
    ['at night leaves what was tried this night', ready, { ...night, wasTried: () => true }, null],
    ['by day installs what IT asked for', { ...ready, askedAtMs: 0 }, day, 'install'],
    [
      'installs what IT asked for though it was tried',
      { ...ready, askedAtMs: 0 },
      { ...day, wasTried: () => true },
      'install',
    ],
    [
      'leaves what IT asked for while somebody is at work',
      { ...ready, askedAtMs: 0 },
      { ...day, isFree: false },
      null,
    ],
    [
      'forgets what IT asked for half an hour ago',
      { ...ready, askedAtMs: 0, readyAtMs: 31 * MINUTE },
      { ...day, elapsedMs: 31 * MINUTE },
      null,
    ],
    ['installs by day where the register could not start', ready, { ...day, isDown: true }, 'install'],
    ['but not again and again', ready, { ...day, isDown: true, wasTried: () => true }, null],
  ])('%s', (_what, plan, around, effect) => {
    expect(step(plan, { type: 'tick' }, around).effect).toBe(effect)
  })

  it('of the first minutes comes at another moment for each register', () => {
    expect(firstPlan(1000, 0).nextLookMs).toBe(1000)
    expect(firstPlan(1000, 0.5).nextLookMs).toBe(1000 + MINUTE)
  })
})

/** Every event of a story, all at the same moment unless it says otherwise. */
function tell(plan: Plan, events: (UpdateEvent | { around: Partial<Around> })[], start: Around = day) {
  let around = start
  const effects: string[] = []
  for (const event of events) {
    if ('around' in event) {
      around = { ...around, ...event.around }
      continue
    }
    const next = step(plan, event, around)
    plan = next.plan
    if (next.effect) effects.push(next.effect)
  }
  return { plan, effects, shown: shownOf(plan) }
}

const asked: UpdateEvent = { type: 'asked' }
const fetched: UpdateEvent = { type: 'fetched' }
const tick: UpdateEvent = { type: 'tick' }
const found = (version: string | null): UpdateEvent => ({ type: 'found', version })
const failed = (problem: 'away' | 'not_verified' | 'failed_installs'): UpdateEvent => ({
  type: 'failed',
  problem,
})

describe('the way of an update', () => {
  it('leads from the look to the night', () => {
    const looking = tell(idle, [{ around: { elapsedMs: HOUR } }, tick])
    expect([looking.effects, looking.shown.state]).toEqual([['find'], 'checking'])
    const fetching = tell(looking.plan, [found('1.4.0'), { type: 'progress', percent: 40 }])
    expect([fetching.effects, fetching.shown]).toEqual([
      ['fetch'],
      { state: 'downloading', version: '1.4.0', percent: 40, problem: null },
    ])
    const waiting = tell(fetching.plan, [fetched, tick])
    expect([waiting.effects, waiting.shown.state]).toEqual([[], 'ready'])
    const confirmed = tell(waiting.plan, [
      { around: { isNight: true, elapsedMs: 9 * HOUR } },
      tick,
      found('1.4.0'),
      fetched,
    ])
    expect([confirmed.effects, confirmed.shown.state]).toEqual([['find', 'fetch', 'install'], 'installing'])
  })

  it('ends where the version was pulled before the night', () => {
    const pulled = tell({ ...ready, readyAtMs: -HOUR }, [tick, found(null), tick], night)
    expect([pulled.effects, pulled.shown]).toEqual([
      ['find'],
      { state: 'none', version: null, percent: null, problem: null },
    ])
  })

  it('goes on to a newer version that came meanwhile', () => {
    const newer = tell({ ...ready, readyAtMs: -HOUR }, [tick, found('1.5.0')], night)
    expect([newer.effects, newer.shown]).toMatchObject([
      ['find', 'fetch'],
      { state: 'downloading', version: '1.5.0' },
    ])
    expect(tell(newer.plan, [fetched], night).effects).toEqual(['install'])
  })

  it('is gone at once when IT says so', () => {
    const all = tell(idle, [asked, found('1.4.0'), fetched])
    expect(all.effects).toEqual(['find', 'fetch', 'install'])
  })

  it('waits for a quiet moment that comes after IT said so', () => {
    const busy = tell(idle, [asked, found('1.4.0'), { around: { isFree: false } }, fetched, tick])
    expect([busy.effects, busy.shown.state]).toEqual([['find', 'fetch'], 'ready'])
    expect(tell(busy.plan, [tick]).effects).toEqual(['install'])
  })

  it('is not gone a second time by what IT said once', () => {
    const { plan } = tell(idle, [asked, found('1.4.0'), fetched, failed('failed_installs')])
    expect(
      tell(plan, [{ around: { elapsedMs: 25 * MINUTE } }, tick, found('1.4.0'), fetched, tick]).effects,
    ).not.toContain('install')
  })

  it('is not gone to a version that failed here', () => {
    const around = { ...night, refusalOf: () => 'failed_starts' as const }
    const refused = tell(idle, [asked, found('1.4.0'), tick], around)
    expect([refused.effects, refused.shown]).toEqual([
      ['find'],
      { state: 'failed', version: '1.4.0', percent: null, problem: 'failed_starts' },
    ])
  })

  it('keeps what is ready while the cloud is away, and does not install it', () => {
    const away = tell({ ...ready, readyAtMs: -HOUR }, [tick, failed('away'), tick], night)
    expect([away.effects, away.shown]).toMatchObject([['find'], { state: 'ready', problem: 'away' }])
    expect(tell(away.plan, [{ around: { elapsedMs: HOUR } }, tick], night).effects).toEqual(['find'])
  })

  it('loses what is ready when it proves to be damaged, and leaves it for hours', () => {
    const damaged = tell(
      { ...ready, readyAtMs: -HOUR },
      [tick, found('1.4.0'), failed('not_verified')],
      night,
    )
    expect(damaged.shown).toEqual({
      state: 'failed',
      version: '1.4.0',
      percent: null,
      problem: 'not_verified',
    })
    expect(tell(damaged.plan, [{ around: { elapsedMs: 5 * HOUR } }, tick]).effects).toEqual([])
    expect(tell(damaged.plan, [{ around: { elapsedMs: 12 * HOUR } }, tick]).effects).toEqual(['find'])
  })

  it('is asked for again by IT in spite of a pause', () => {
    expect(tell({ ...idle, pausedUntilMs: 6 * HOUR }, [asked]).effects).toEqual(['find'])
  })

  it('shows what is ready while it is looked at again', () => {
    const again = tell({ ...ready, nextLookMs: 0 }, [tick])
    expect([again.effects, again.shown.state]).toEqual([['find'], 'ready'])
    expect(tell(again.plan, [found('1.4.0')]).shown.state).toBe('ready')
  })
})
