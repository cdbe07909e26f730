import { startBotApi } from '../cloud/bot/testing/botApi.ts'
import { connect } from '../cloud/database/connect.ts'
import { runAudit } from '../cloud/ledger/audit.ts'
import { readExposition } from '../cloud/metrics/testing.ts'
import { operatorEnvironment } from '../cloud/people/testing.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { newId } from '../shared/id.ts'
import { toIso } from '../shared/time.ts'
import { describedExamples, type Example, type OpenApi, otherExamples } from './examples.ts'
import { errorsIn, problemOf } from './judge.ts'
import { startProgram } from './program.ts'
import { mutateRequest, written } from './request.ts'
import { send } from './send.ts'
import { shown, type Target } from './target.ts'
import { BOT_TOKEN, METRICS_TOKEN, makeWorld, updatesFolder } from './world.ts'

interface Place {
  /** Of an empty, migrated or new database. */
  databaseUrl: string
  folder: string
  closers: AsyncDisposableStack
}

const HEALED_EVERY = 100
const MEMORY_READ_EVERY = 200
const GROWN_BYTES = 96 * 1024 * 1024
const LOG_PATIENCE_MS = 500

/** The cloud as a process, with every limit of pace taken off: it is the rooms behind them that are tried. */
export async function openCloud({ databaseUrl, folder, closers }: Place) {
  const telegram = await startBotApi({ token: BOT_TOKEN })
  closers.defer(() => telegram.stop())
  const env = {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'error',
    METRICS_TOKEN,
    TELEGRAM_BOT_TOKEN: BOT_TOKEN,
    TELEGRAM_API_URL: telegram.url,
    PUBLIC_URL: 'https://fuzz.example',
    ...operatorEnvironment,
    UPDATES_FOLDER: updatesFolder(folder),
    ...Object.fromEntries(LIMITS.map((name) => [name, '1000000'])),
  }
  const start = () => startProgram({ script: 'cloud/main.ts', env, address: /^CLOUD (\S+)$/ })
  let program = await start()
  closers.defer(() => program.stop())
  const sql = connect(databaseUrl, { poolSize: 2 })
  closers.defer(() => sql.end({ timeout: 1 }))
  const world = await makeWorld(sql, { folder, now: Date.now() })
  const openApi = (await (await fetch(new URL('/openapi.json', program.url))).json()) as OpenApi
  const examples = [...describedExamples(openApi, world), ...otherExamples(world)]
  const choices = examples.map((example): [Example, number] => [example, example.weight])
  const memory: number[] = []
  let attempts = 0

  const target: Target = {
    name: 'cloud',
    weight: 10,
    async attempt(random, rounds) {
      attempts += 1
      if (attempts % HEALED_EVERY === 1) await world.heal()
      if (attempts % MEMORY_READ_EVERY === 0) memory.push(await readMemory())
      const example = random.fork('example').weighted(choices)
      const input = inputOf(example, random, rounds)
      program.takeSaid()
      const answer = await send(program.port, input)
      const hasEnded = answer.status === null && (await program.isEnding())
      const problem = hasEnded ? 'the process ended' : problemOf(answer, example)
      if (!problem) return { at: example.name, problem, input: '' }
      const why = errorsIn(await whatWasSaid())
      if (hasEnded) program = await start()
      return { at: example.name, problem: why ? `${problem}: ${why}` : problem, input: shown(input.bytes) }
    },
    async lookBack() {
      return [
        ...grown(memory),
        ...(await stillSells()),
        ...(await runAudit(sql)).map((violation) => JSON.stringify(violation)),
      ]
    },
  }

  const inputOf = (example: Example, random: Random, rounds: number) => {
    let request = example.make(random.fork('make'))
    for (let round = 1; round <= rounds; round += 1)
      request = mutateRequest(request, random.fork(`round ${round}`))
    return written(request, program.url.host)
  }

  /** The log of a failure comes over a pipe, a little after the answer. */
  async function whatWasSaid(): Promise<string> {
    const until = performance.now() + LOG_PATIENCE_MS
    while (!program.hasSaid() && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 5))
    return program.takeSaid()
  }

  async function readMemory(): Promise<number> {
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
    const samples = readExposition(await (await fetch(new URL('/metrics', program.url), { headers })).text())
    const of = (name: string) => samples.get(`kopilka_nodejs_${name}_bytes`) ?? 0
    return of('heap_size_used') + of('external_memory')
  }

  /** An honest sale, after everything. */
  async function stillSells(): Promise<string[]> {
    await world.heal()
    const card = '100200'
    const redeemId = newId(Date.now())
    const operations = (at: string) => [
      { kind: 'earn', id: newId(Date.now()), at, card, purchaseKopecks: 1_000_000, confirmDuplicate: true },
      {
        kind: 'redeem',
        id: redeemId,
        at,
        card,
        purchaseKopecks: 100_000,
        points: 10,
        confirmDuplicate: true,
      },
      { kind: 'apply', id: newId(Date.now()), at, redeemId },
    ]
    const answer = await fetch(new URL('/v1/operations', program.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${world.honestKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ operations: operations(toIso(Date.now())) }),
      signal: AbortSignal.timeout(20_000),
    })
    const text = await answer.text()
    const accepted = text.match(/"status":"accepted"/g)?.length ?? 0
    return accepted === 3 ? [] : [`an honest sale was answered ${answer.status}: ${text.slice(0, 500)}`]
  }

  return { target, world, sql, url: () => program.url }
}

const LIMITS = [
  'LOOKUPS_PER_MINUTE',
  'MISSED_LOOKUPS_PER_MINUTE',
  'REQUESTS_PER_MINUTE',
  'ENROL_ATTEMPTS_PER_MINUTE',
  'STRANGERS_PER_MINUTE',
  'TURNED_AWAY_PER_SECOND',
  'OPERATIONS_PER_MINUTE',
  'OPERATIONS_BURST',
  'MINI_APP_REQUESTS_PER_MINUTE',
]

/** What was kept after the latest third of the inputs and not after the middle one. */
function grown(memory: number[]): string[] {
  const third = Math.floor(memory.length / 3)
  if (third < 2) return []
  const [middle, last] = [Math.min(...memory.slice(third, 2 * third)), Math.min(...memory.slice(-third))]
  if (last - middle < GROWN_BYTES) return []
  return [`memory grew from ${megabytes(middle)} to ${megabytes(last)} MB`]
}

const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024)
