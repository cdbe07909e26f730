import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type Sql } from '../cloud/database/connect.ts'
import { FIRST_PROGRAMME, readRules } from '../cloud/ledger/programme.ts'
import { type OneCFiles, systemOneCFiles } from '../desktop/register/exchange/oneCFiles.ts'
import { createRandom, type Random } from '../desktop/register/rig/random.ts'
import { systemClock } from '../desktop/register/time/clock.ts'
import { MINUTE, SECOND } from '../shared/time.ts'
import { type Cloud, cloudElsewhere, openCloud, simulatedVoucherKey } from './cloud.ts'
import { finishWork } from './evening.ts'
import { type Evidence, readJournalOf, readLedger, readLog, type Till } from './evidence.ts'
import { createFriendsBook } from './friends.ts'
import { checkGifts, readGifts, startCampaignOfDay } from './gifts.ts'
import { checkInvariants, type Finding } from './invariants.ts'
import { readInvitations } from './invitations.ts'
import { systemPlace } from './meetingPlace.ts'
import { type Network, openNetwork } from './network.ts'
import { publishNoonBook } from './noon.ts'
import { programOf } from './oneC.ts'
import type { Options } from './options.ts'
import { type DayPlan, phonesOf, planDay } from './plan.ts'
import { startRegister } from './register.ts'
import { openShop, type Shop } from './shop.ts'
import { type Stage, setStage } from './stage.ts'
import { createVoucherUses } from './voucherUses.ts'

/** The requests that a network carried, and the faults it had. */
interface NetworkDay {
  requests: Network['requests']
  faults: ReturnType<Network['faults']>
}

export interface Day {
  findings: Finding[]
  evidence: Evidence
  networks: NetworkDay[]
  cloudKills: number
  wallSeconds: number
}

export interface Place {
  /** The URL of an empty database. */
  databaseUrl: string
  /** The folder with those of the tills. */
  folder: string
  /** Ends all that was started, the last one first. */
  closers: AsyncDisposableStack
  say: (text: string) => void
  /** The URL of a cloud that runs elsewhere and is not killed. */
  cloudUrl?: string
  /** The calls by which 1C reaches its files; absent: those of this system. */
  files?: OneCFiles
  /** The program that plays 1C at each till. */
  programOf?: typeof programOf
}

/** Shorter than in life, so that outages outlast it and holds come into doubt. */
const HOLD_TAKES = 5
const SAID_EVERY_SALES = 100

/** How long a discount may be on offer before the cloud doubts it. */
export const holdSecondsOf = (takeMs: number): number =>
  Math.max(2, Math.round((HOLD_TAKES * takeMs) / SECOND))

/** A day of sales from its morning to its balance sheet. */
export async function runDay(options: Options, place: Place): Promise<Day> {
  const { databaseUrl, folder, closers, say, cloudUrl } = place
  const startedMs = systemClock.elapsed()
  const random = createRandom(options.seed)
  const holdSeconds = holdSecondsOf(options.takeMs)
  const cloud = cloudUrl ? cloudElsewhere(cloudUrl) : await openCloud({ databaseUrl, holdSeconds, closers })
  const sql = connect(databaseUrl, { poolSize: 4 })
  closers.defer(() => sql.end({ timeout: 1 }))
  const stage = await setStage(sql, random.fork('stage'), options)
  const { codes } = stage
  const plan = planDay({ ...options, codes }, random)

  const { onSale, turned } = createProgress(options, { plan, cloud, sql, say })
  const { shops, networks, folders } = await openShops(options, {
    ...{ plan, cloud, stage, random, folder, closers, onSale },
    files: place.files ?? systemOneCFiles,
    programOf: place.programOf ?? programOf,
  })
  const sold = Promise.all(shops.map((shop, index) => shop.sell(plan.shops[index]?.sales ?? [])))
  await Promise.race([sold, cloud.crashed])

  await turned()
  say('the day is over: the network is healed, every queue is emptied')
  await cloud.up()
  for (const network of networks) network.heal()
  await Promise.race([Promise.all(shops.map((shop) => shop.close())), cloud.crashed])
  await Promise.all(networks.map((network) => network.quiet()))
  await Promise.all(shops.map((shop) => shop.stop()))
  await Promise.race([finishWork(sql), cloud.crashed])

  const evidence: Evidence = {
    ...(await readLedger(sql, codes)),
    gifts: await readGifts(sql),
    invitations: await readInvitations(sql),
    at: Date.now(),
    codes,
    tills: await Promise.all(
      shops.map((shop, index) => tillOf(shop, folders[index] ?? '', stage.registers[index]?.id ?? 0)),
    ),
    morning: stage.points,
    books: (await readRules(sql, { programmeId: FIRST_PROGRAMME, since: 0 })).books,
  }
  return {
    findings: [
      ...checkInvariants(evidence),
      ...createVoucherUses().check(evidence),
      ...createFriendsBook().check(evidence),
      checkGifts(evidence, { phones: phonesOf(options.customers) }),
    ],
    evidence,
    networks: networks.map(({ requests, faults }) => ({ requests, faults: faults() })),
    cloudKills: cloud.kills(),
    wallSeconds: (systemClock.elapsed() - startedMs) / SECOND,
  }
}

/** Counts the sales of all tills; the cloud is killed at some of them, the rules change at two, and time is over at one. */
function createProgress(
  { sales, minutes }: Options,
  { plan, cloud, sql, say }: { plan: DayPlan; cloud: Cloud; sql: Sql; say: (text: string) => void },
) {
  const endMs = systemClock.elapsed() + minutes * MINUTE
  const turns = [
    { atSale: Math.ceil(0.5 * sales), says: 'noon: other rules begin', turn: () => publishNoonBook(sql) },
    { atSale: Math.ceil(0.6 * sales), says: 'a campaign begins', turn: () => startCampaignOfDay(sql) },
  ]
  let begun = 0
  let turning = Promise.resolve()
  function onSale(): boolean {
    if (systemClock.elapsed() > endMs) return false
    begun += 1
    for (const { atSale, afterMs, downMs } of plan.cloudKills)
      if (atSale === begun) systemClock.after(afterMs, () => cloud.kill({ downMs }))
    for (const { atSale, says, turn } of turns)
      if (atSale === begun) {
        say(says)
        turning = turning.then(turn)
        turning.catch(() => {}) // heard at the end of the day
      }
    if (begun % SAID_EVERY_SALES === 0) say(`${begun} of ${sales} sales`)
    return true
  }
  return { onSale, turned: () => turning }
}

async function openShops(
  { takeMs, registersFrom }: Options,
  day: Pick<Required<Place>, 'folder' | 'closers' | 'files' | 'programOf'> & {
    plan: DayPlan
    cloud: Cloud
    stage: Stage
    random: Random
    onSale: () => boolean
  },
) {
  const shops: Shop[] = []
  const folders: string[] = []
  const networks: Network[] = []
  for (const [index, { skewMs }] of day.plan.shops.entries()) {
    const network = await openNetwork({
      cloudUrl: day.cloud.url,
      random: day.random.fork(`network ${index}`),
    })
    day.closers.defer(() => network.close())
    const folder = join(day.folder, `register-${index + 1}`)
    const exchangeFolder = join(folder, 'exchange')
    const dataFolder = join(folder, 'data')
    await mkdir(exchangeFolder, { recursive: true })
    const key = day.stage.registers[index]?.key ?? ''
    const setting = { cloudUrl: network.url, key, exchangeFolder, dataFolder, takeMs, skewMs }
    const shop = await openShop({
      name: `register ${index + 1}`,
      program: day.programOf(index + 1),
      clock: systemClock,
      place: systemPlace(exchangeFolder, day.files),
      start: (onSnapshot) => startRegister(registersFrom, setting, onSnapshot),
      random: day.random.fork(`1C ${index}`),
      onSale: day.onSale,
      ...{ takeMs, network },
    })
    folders.push(dataFolder)
    day.closers.defer(() => shop.stop())
    networks.push(network)
    shops.push(shop)
  }
  return { shops, networks, folders }
}

async function tillOf(shop: Shop, dataFolder: string, registerId: number): Promise<Till> {
  return {
    name: shop.name,
    registerId,
    notes: shop.notes(),
    ...readJournalOf(dataFolder, simulatedVoucherKey.hash),
    ...(await readLog(dataFolder)),
  }
}
