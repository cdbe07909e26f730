import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Files, systemFiles } from '../desktop/register/machine/files.ts'
import { createLog } from '../desktop/register/machine/log.ts'
import { openJournal } from '../desktop/register/outbox/open.ts'
import { createOutbox } from '../desktop/register/outbox/outbox.ts'
import { openRegister, type Register } from '../desktop/register/register.ts'
import { openSettings } from '../desktop/register/settings/settings.ts'
import { systemClock } from '../desktop/register/time/clock.ts'
import { createCloudTime } from '../desktop/register/time/cloudTime.ts'
import type { Snapshot } from '../shared/bridge.ts'
import { newId } from '../shared/id.ts'
import { seedCustomers, settle } from './customers.ts'
import type { Finding } from './findings.ts'
import type { Stage } from './stage.ts'
import { createTally } from './tally.ts'
import { someLots } from './throughput.ts'

const SALES = 200
const REDEMPTIONS = 100
const QUEUED = 10_000

/** A till beside its 1C: the same register, files and journal as in a shop, against the API of the stage. */
export async function register(stage: Stage): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-bench-'))
  stage.closers.defer(() => rm(folder, { recursive: true, force: true }))
  const cards = await seedCustomers(stage, QUEUED, someLots(Date.now()))
  await settle(stage)
  return [
    await amounts(stage, join(folder, 'amounts')),
    await discounts(stage, join(folder, 'discounts'), cards),
    await drain(stage, join(folder, 'drain'), cards),
  ]
}

interface Till {
  register: Register
  exchangeFolder: string
}

async function openTill(
  { api, keys }: Stage,
  dataFolder: string,
  change: { files?: Files; fetch?: typeof fetch } = {},
): Promise<Till> {
  const exchangeFolder = join(dataFolder, 'exchange')
  const log = createLog('error')
  await openSettings({ dataFolder, files: systemFiles, log }).change({
    cloudUrl: api.url.href,
    exchangeFolder,
  })
  await systemFiles.makeFolder(exchangeFolder)
  const register = await openRegister({
    dataFolder,
    keys: { load: async () => keys[0] ?? null, save: async () => {} },
    files: systemFiles,
    clock: systemClock,
    fetch,
    random: Math.random,
    log,
    version: 'bench',
    ...change,
  })
  return { register, exchangeFolder }
}

async function amounts(stage: Stage, dataFolder: string): Promise<Finding> {
  const { register, exchangeFolder } = await openTill(stage, dataFolder)
  const tally = createTally()
  tally.open()
  for (let sale = 1; sale <= SALES; sale += 1) {
    const seen = when(register, (snapshot) => snapshot.sale?.purchaseKopecks === sale * 100)
    await writeAmount(exchangeFolder, sale)
    const startedAt = performance.now()
    await seen
    tally.add({ startedAt, acceptedOperations: 0 })
  }
  const { latency } = tally.count()
  await register.stop()
  return { what: 'amount.json written → amount in the snapshot', latency, reach: { p50Ms: 15 } }
}

/** From the answer of the ledger to the file that 1C sees; 1C takes it at once. */
async function discounts(stage: Stage, dataFolder: string, cards: string[]): Promise<Finding> {
  const tally = createTally()
  let answeredAt = 0
  const files: Files = {
    ...systemFiles,
    async rename(from, to) {
      await systemFiles.rename(from, to)
      if (to.endsWith('discount.txt')) tally.add({ startedAt: answeredAt, acceptedOperations: 1 })
    },
  }
  const answering: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (String(input).endsWith('/operations')) answeredAt = performance.now()
    return response
  }
  const { register, exchangeFolder } = await openTill(stage, dataFolder, { files, fetch: answering })
  await when(register, ({ cloud }) => cloud.line === 'online')
  tally.open()
  for (let index = 0; index < REDEMPTIONS; index += 1) {
    const purchaseKopecks = 100_000 + index * 100
    await writeAmount(exchangeFolder, purchaseKopecks / 100)
    await when(register, ({ sale }) => sale?.purchaseKopecks === purchaseKopecks)
    await register.findCustomer({ code: cards[index] ?? '' })
    await when(register, ({ customer }) => customer?.card === cards[index])
    await register.redeem({ purchaseKopecks, points: 1 })
    await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
    await rm(join(exchangeFolder, 'discount.txt'))
    await when(register, ({ phase }) => phase === 'success')
  }
  const { latency } = tally.count()
  await register.stop()
  return { what: 'hold accepted → discount.txt in place', latency, reach: { p99Ms: 20 } }
}

async function drain(stage: Stage, dataFolder: string, cards: string[]): Promise<Finding> {
  await systemFiles.makeFolder(dataFolder)
  const { journal } = openJournal(join(dataFolder, 'outbox.sqlite'), Date.now())
  const time = createCloudTime(systemClock)
  const outbox = createOutbox(journal, { clock: systemClock, time, isAttended: () => false })
  for (const card of cards) outbox.add({ id: newId(), kind: 'earn', card, purchaseKopecks: 100_000 })
  outbox.close()

  const startedAt = performance.now()
  const { register } = await openTill(stage, dataFolder)
  const { parked } = await when(register, ({ cloud }) => cloud.line === 'online' && cloud.queued === 0)
  const seconds = (performance.now() - startedAt) / 1000
  await register.stop()
  return {
    what: `${QUEUED.toLocaleString('en')} queued operations → all acknowledged, from the start of the register`,
    perSecond: QUEUED / seconds,
    unit: 'operations',
    seconds,
    reach: { seconds: 10 },
    problems: parked.length > 0 ? { parked: parked.length } : {},
  }
}

async function writeAmount(folder: string, rubles: number): Promise<void> {
  const path = join(folder, 'amount.json')
  await writeFile(`${path}.tmp`, JSON.stringify({ amount: rubles }))
  await rename(`${path}.tmp`, path)
  await stat(path)
}

function when(register: Register, isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve) => {
    const look = (snapshot: Snapshot) => {
      if (!isSo(snapshot)) return
      stop()
      resolve(snapshot)
    }
    const stop = register.subscribe(look)
    look(register.snapshot())
  })
}
