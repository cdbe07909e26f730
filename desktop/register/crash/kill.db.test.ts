import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import { startCloudProcess } from '../../../cloud/testing/process.ts'
import type { Snapshot } from '../../../shared/bridge.ts'
import type { BehaviourSetting } from '../exchange/simulator.ts'
import { createRandom, seedOf } from '../testing/random.ts'
import { openTestCloud } from '../testing.ts'
import { pause, systemClock } from '../time/clock.ts'
import { type KilledShop, openKilledShop } from './killedShop.ts'
import type { Cloud } from './records.ts'
import { REGISTER, SIGNALS_ASK } from './tillProcess.ts'

const TILLS = 3
const KILLS_OF_A_TILL = 8
/** From the tap up to here a process may be killed: it covers the question, the offer and the report. */
const LONGEST_LIFE_MS = 400

describe('a register that is killed', () => {
  let cloud: Cloud
  let cloudUrl: string
  let close: (() => Promise<unknown>)[]
  beforeEach(async () => {
    cloud = await openTestCloud()
    const server = await startCloudProcess({ DATABASE_URL: cloud.url })
    cloudUrl = server.url
    close = [() => cloud.drop(), () => server.stop()]
  })
  afterEach(async () => {
    for (const end of close.toReversed()) await end()
  })

  async function open(card: string, behaviour: BehaviourSetting, random = Math.random): Promise<KilledShop> {
    const shop = await openKilledShop({ cloud, cloudUrl, card, behaviour, random })
    close.push(shop.close)
    return shop
  }

  async function expectBooksToAgree(shop: KilledShop): Promise<number> {
    const { found, expected } = await shop.records()
    expect(found).toEqual(expected)
    return found.applied.length
  }

  const isOffered = ({ act }: Snapshot) => act?.type === 'processing' && act.stage === 'offered'
  const endsWell = { code: 0, complaint: '' }

  it('in the middle of an offer takes the discount back at the next start', async () => {
    const shop = await open('123456', { kind: 'never' })
    const till = shop.start()
    await shop.redeem(till)
    await till.shows(isOffered)
    await till.end('SIGKILL')
    expect(await shop.discounts()).toEqual(['discount.txt'])

    const register = shop.start(REGISTER)
    await register.isReady
    await shop.noPointsAreHeld()
    expect(await register.end('SIGTERM')).toEqual(SIGNALS_ASK ? endsWell : { ...endsWell, code: null })
    expect(await shop.discounts()).toEqual([])
  })

  it('politely, in the middle of an offer, takes the discount back and ends well', async () => {
    const shop = await open('123456', { kind: 'never' })
    const till = shop.start()
    await shop.redeem(till)
    await till.shows(isOffered)
    expect(await till.end('SIGTERM')).toEqual(endsWell)
    expect(await shop.discounts()).toEqual([])

    const next = shop.start()
    await shop.isSettled(next)
    expect(await next.end('SIGTERM')).toEqual(endsWell)
    expect(await expectBooksToAgree(shop)).toBe(0)
    await expectHealthy(cloud.sql)
  })

  it('at random moments of its redemptions has told the ledger in the end exactly what 1C took', async () => {
    const random = createRandom(seedOf('KILL_SEED'))
    async function work(card: string): Promise<number> {
      const shop = await open(card, { kind: 'polite', fromMs: 0, toMs: 1500 }, random)
      for (let kill = 0; kill < KILLS_OF_A_TILL; kill += 1) {
        const till = shop.start()
        await shop.isSettled(till)
        await shop.redeem(till)
        await pause(systemClock, random() * LONGEST_LIFE_MS)
        await till.end('SIGKILL')
      }
      const till = shop.start()
      await shop.isSettled(till)
      expect(await till.end('SIGTERM')).toEqual(endsWell)
      return await expectBooksToAgree(shop)
    }
    const cards = Array.from({ length: TILLS }, (_, index) => String(100_000 + index))
    const taken = await Promise.all(cards.map(work))
    console.log(`${TILLS * KILLS_OF_A_TILL} kills; 1C took of each till:`, ...taken)
    await expectHealthy(cloud.sql)
  })
})
