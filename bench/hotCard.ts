import { setTimeout as pause } from 'node:timers/promises'
import { runAudit } from '../cloud/ledger/audit.ts'
import { seedCustomers, settle, untilFollowed } from './customers.ts'
import type { Finding } from './findings.ts'
import { openTills, type Send } from './load.ts'
import { earn } from './purchases.ts'
import { runAtRate } from './rate.ts'
import { createRegisters, type Stage } from './stage.ts'
import { type Counted, createTally } from './tally.ts'
import { someLots } from './throughput.ts'

const PURCHASES = 50_000
const POSTED_AT_ONCE = 200
const REGISTERS_OF_THE_STORE = 20
const OTHER_REGISTERS = 100
/** Tills of each of the two: more than wait at once, or sales would wait for each other and not for the cloud. */
const TILLS = 100
const SALES_A_SECOND = 25
const BUYERS = 10_000
/** Purchases on the card one after the other, just before and just after the many. */
const SINGLES = 300
const REACH = 3
/** The cost is either the same or grows with the purchases: 50,000 of them would make it a hundred times as much. */
const SAME_COST = 1.5

/** One register posts purchases on one card, as fast as it is answered, and the shops sell on. */
export async function hotCard(stage: Stage): Promise<Finding[]> {
  const { sql, options } = stage
  const [poster = '', ...colleagues] = await createRegisters(sql, 'Hot store', 1 + REGISTERS_OF_THE_STORE)
  const others = await createRegisters(sql, 'Other store', OTHER_REGISTERS)
  const cards = await seedCustomers(stage, BUYERS, someLots(Date.now()))
  const [hot = ''] = await seedCustomers(stage, 1)
  await untilFollowed(stage)
  await settle(stage)

  const sales = (until: Promise<unknown>) =>
    Promise.all([colleagues, others].map((keys) => sell({ ...stage, keys }, cards, until)))
  const ofPoster = { ...stage, keys: [poster] }
  await sales(pause(options.warmUpSeconds * 1000))
  await oneAtATime(ofPoster, cards[0] ?? '')
  const first = await oneAtATime(ofPoster, hot)
  const alone = await sales(pause(options.seconds * 1000))
  const posting = post(ofPoster, hot)
  const beside = await sales(posting)
  const { seconds, problems } = await posting
  const last = await oneAtATime(ofPoster, hot)
  const auditedFrom = performance.now()
  await runAudit(sql)
  const auditSeconds = (performance.now() - auditedFrom) / 1000

  const place = ['the same store', 'the other stores']
  return [
    {
      what: `${PURCHASES.toLocaleString('en')} purchases on one card by one register, ${POSTED_AT_ONCE} at a time`,
      seconds,
      perSecond: PURCHASES / seconds,
      unit: 'operations',
      problems,
    },
    ...beside.map(
      ({ latency, problems }, index): Finding => ({
        what: `sales of ${place[index]} at ${SALES_A_SECOND}/s meanwhile`,
        ...(alone[index] && { alone: alone[index].latency }),
        latency,
        problems,
        reach: { p99Ratio: REACH },
      }),
    ),
    {
      what: `one purchase on that card after the ${PURCHASES.toLocaleString('en')}, compared with before`,
      alone: first.latency,
      latency: last.latency,
      problems: last.problems,
      reach: { p50Ratio: SAME_COST },
    },
    { what: 'the audit after that', seconds: auditSeconds, reach: { seconds: 60 } },
  ]
}

const sell = (stage: Stage, cards: string[], until: Promise<unknown>) =>
  runAtRate(stage, SALES_A_SECOND, cards, until, TILLS)

async function post(stage: Stage, card: string): Promise<Counted> {
  const purchases = () => Array.from({ length: POSTED_AT_ONCE }, () => earn(card))
  return await withTill(stage, async (send) => {
    for (let count = 0; count < PURCHASES; count += POSTED_AT_ONCE) await send(purchases())
  })
}

const oneAtATime = (stage: Stage, card: string) =>
  withTill(stage, async (send) => {
    for (let count = 0; count < SINGLES; count += 1) await send([earn(card)])
  })

async function withTill(stage: Stage, act: (send: Send) => Promise<void>): Promise<Counted> {
  const tally = createTally()
  const tills = await openTills(stage, 1, tally)
  tally.open()
  for (const { send } of tills) await act(send)
  tally.close()
  for (const { close } of tills) close()
  return tally.count()
}
