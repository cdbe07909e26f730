import { describe, expect, test } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../../shared/time.ts'
import { createFakeClock, type FakeClock } from '../exchange/testing.ts'
import { createCloudTime } from './cloudTime.ts'

const HOUR = 60 * MINUTE
/** The wall of this device is so far behind the cloud at the first contact. */
const BEHIND_MS = 90 * SECOND

type Happening = (clock: FakeClock) => void | Promise<void>
const passes =
  (ms: number): Happening =>
  (clock) =>
    clock.advance(ms)
const set =
  (byMs: number): Happening =>
  (clock) =>
    clock.set(byMs)
const sleeps =
  (ms: number, growing: 'goes on' | 'stands still'): Happening =>
  (clock) =>
    clock.sleep(ms, growing)

/** A device beside a cloud whose time is the true one, whatever is done to the device. */
function createDevice() {
  const clock = createFakeClock()
  let trueMs = clock.now() + BEHIND_MS
  let time = createCloudTime(clock)
  return {
    clock,
    time: () => time,
    trueNow: () => trueMs,
    contact: () => time.measured({ offsetMs: trueMs - clock.now(), errorMs: 5 }),
    restart() {
      time = createCloudTime(clock)
    },
    async meet(...happenings: Happening[]) {
      for (const happening of happenings) {
        const [wall, elapsed] = [clock.now(), clock.elapsed()]
        await happening(clock)
        const isSet = clock.elapsed() === elapsed && setWalls.has(happening)
        if (!isSet) trueMs += Math.max(clock.now() - wall, clock.elapsed() - elapsed)
      }
    },
  }
}

/** Only these move the wall without time passing. */
const [forward, back, yearsBack] = [set(DAY), set(-DAY), set(-900 * DAY)]
const setWalls = new Set<Happening>([forward, back, yearsBack])

describe('an operation made without a network has the time at which it was made', () => {
  test.each<[string, Happening[], Happening[]]>([
    ['when nothing happens', [passes(HOUR)], [passes(HOUR)]],
    ['when the clock jumps forward before it', [passes(HOUR), forward, passes(HOUR)], [passes(HOUR)]],
    ['when the clock jumps back before it', [passes(HOUR), back, passes(HOUR)], [passes(HOUR)]],
    ['when the clock jumps forward after it', [passes(HOUR)], [passes(HOUR), forward, passes(HOUR)]],
    ['when the clock jumps back after it', [passes(HOUR)], [passes(HOUR), back, passes(HOUR)]],
    ['when the clock jumps before it and is put right after it', [forward, passes(HOUR)], [back]],
    ['when the battery of the clock is empty', [yearsBack, passes(MINUTE)], [passes(HOUR)]],
    ['after a sleep that both clocks count', [sleeps(8 * HOUR, 'goes on')], [passes(HOUR)]],
    ['after a sleep that only the wall counts', [sleeps(8 * HOUR, 'stands still')], [passes(HOUR)]],
    ['before a sleep that only the wall counts', [passes(HOUR)], [sleeps(8 * HOUR, 'stands still')]],
    [
      'between two sleeps that only the wall counts',
      [sleeps(8 * HOUR, 'stands still'), passes(HOUR)],
      [sleeps(8 * HOUR, 'stands still'), passes(HOUR)],
    ],
    ['after a jump and a sleep that both count', [forward, sleeps(8 * HOUR, 'goes on')], [passes(HOUR)]],
  ])('%s', async (_what, before, after) => {
    const { time, contact, trueNow, meet } = createDevice()
    contact()
    await meet(...before)
    const madeAt = trueNow()
    const known = time().now()
    const moment = time().moment()
    await meet(...after)
    contact()
    expect(known === null ? time().timeOf(moment) : known).toBe(madeAt)
  })
})

describe('the time of the cloud is', () => {
  test.each<[string, Happening[], 'known' | 'unknown']>([
    ['known while both clocks agree', [passes(DAY)], 'known'],
    ['known when the wall is corrected a little', [passes(HOUR), set(SECOND)], 'known'],
    ['unknown when the wall was set forward', [passes(HOUR), forward], 'unknown'],
    ['unknown when the wall was set back', [passes(HOUR), back], 'unknown'],
    ['unknown after a sleep that only the wall counts', [sleeps(HOUR, 'stands still')], 'unknown'],
    ['known after a sleep that both count', [sleeps(HOUR, 'goes on')], 'known'],
  ])('%s', async (_what, happenings, is) => {
    const { time, contact, meet } = createDevice()
    expect(time().now()).toBe(null)
    contact()
    await meet(...happenings)
    expect(time().now() === null ? 'unknown' : 'known').toBe(is)
    contact()
    expect(time().now()).not.toBe(null)
  })
})

describe('an operation of an earlier life, not stamped yet,', () => {
  test.each<[string, Happening[], Happening[], number]>([
    ['has its time by the wall', [passes(HOUR), sleeps(HOUR, 'stands still')], [passes(HOUR)], 0],
    ['is not before the contact that was before it', [back, passes(HOUR)], [forward], 0],
    ['is not in the future', [forward], [passes(HOUR), back], HOUR],
  ])('%s', async (_what, before, after, lateMs) => {
    const { time, contact, trueNow, meet, restart } = createDevice()
    contact()
    await meet(...before)
    const madeAt = trueNow()
    const moment = time().moment()
    restart()
    await meet(...after)
    contact()
    expect(time().timeOf({ ...moment, elapsedMs: null })).toBe(madeAt + lateMs)
  })
})

test('the offset is what the wall had to be corrected by at the last contact', async () => {
  const { clock, time, contact, meet } = createDevice()
  expect(time().offsetMs()).toBe(null)
  contact()
  expect(time().offsetMs()).toBe(BEHIND_MS)
  await meet(forward)
  contact()
  expect(time().offsetMs()).toBe(BEHIND_MS - DAY)
  expect(time().guess()).toBe(clock.now() + BEHIND_MS - DAY)
})
