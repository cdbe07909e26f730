import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { BackupError, createLineHash } from '../cloud/backup/format.ts'
import { verifyBackup } from '../cloud/backup/read.ts'
import { readManifest } from '../cloud/updates/manifest.ts'
import { latestYml } from '../cloud/updates/testing.ts'
import { openAcknowledgementFile } from '../desktop/register/exchange/acknowledgement.ts'
import { decodeAmount } from '../desktop/register/exchange/decode.ts'
import { systemFiles } from '../desktop/register/machine/files.ts'
import { openJournal } from '../desktop/register/outbox/open.ts'
import { createOutbox } from '../desktop/register/outbox/outbox.ts'
import { openLists } from '../desktop/register/outbox/recent.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { openSettings } from '../desktop/register/settings/settings.ts'
import { systemClock } from '../desktop/register/time/clock.ts'
import { createCloudTime } from '../desktop/register/time/cloudTime.ts'
import { toIso } from '../shared/time.ts'
import { type Json, jsonOf, mutateJson, writeJson } from './json.ts'
import { shown, type Target } from './target.ts'
import { mutateBytes } from './text.ts'

const READ_WITHIN_MS = 5000
const log = pino({ level: 'silent' })

interface Format {
  name: string
  make(random: Random, rounds: number): Buffer | Promise<Buffer>
  /** Throws what it may not, where it throws; what it may is a value, or an error made for it. */
  read(bytes: Buffer, folder: string): unknown
}

/** The files that we read and others write, or a power cut left: whatever is in them, reading them ends, and well. */
export async function openFiles({ folder }: { folder: string }): Promise<Target> {
  const formats = [amount, acknowledgement, settings, await journal(folder), backup, manifest]
  return {
    name: 'files',
    weight: 2,
    async attempt(random, rounds) {
      const format = random.fork('format').pick(formats)
      const bytes = await format.make(random, rounds)
      const place = join(folder, 'read')
      await mkdir(place, { recursive: true })
      const startedAt = performance.now()
      let problem: string | null = null
      try {
        await format.read(bytes, place)
      } catch (error) {
        problem = `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`.slice(
          0,
          200,
        )
      }
      if (performance.now() - startedAt > READ_WITHIN_MS) problem ??= 'was read for more than 5 s'
      await rm(place, { recursive: true, force: true })
      return { at: format.name, problem, input: problem ? shown(bytes) : '' }
    },
  }
}

/** A text of JSON, changed as JSON and at the end as bytes. */
const jsonFile = (value: unknown) => (random: Random, rounds: number) => {
  const json = mutatedJson(jsonOf(value), random, rounds)
  const encoding = random.fork('encoding').pick(['utf8', 'utf8', 'utf16le', 'latin1'] as const)
  return spoilt(Buffer.from(writeJson(json), encoding), random.fork('bytes'))
}

function mutatedJson(json: Json, random: Random, rounds: number): Json {
  let mutated = json
  for (let round = 1; round <= rounds; round += 1)
    mutated = mutateJson(mutated, random.fork(`round ${round}`))
  return mutated
}

const spoilt = (bytes: Buffer, random: Random) => (random.chance(0.3) ? mutateBytes(bytes, random) : bytes)

const goods = [
  { sku: '0042', name: 'Чай', category: 'Чай', quantity: 0.25, kopecks: 100000 },
  { sku: '7', quantity: 2, kopecks: 23456 },
]

const amount: Format = {
  name: 'amount.json',
  make: jsonFile({
    amount: '1234.56',
    receipt: 'Ч-1',
    timestamp: '2026-11-21T12:00:00',
    protocol: 2,
    items: goods,
  }),
  read(bytes) {
    const decoded = decodeAmount(bytes)
    if (!decoded.ok || !decoded.amount) return
    const { purchaseKopecks, receipt } = decoded.amount
    if (!Number.isSafeInteger(purchaseKopecks) || purchaseKopecks <= 0)
      throw new Error(`an amount of ${purchaseKopecks}`)
    if (receipt?.includes('\0') || receipt?.isWellFormed() === false)
      throw new Error('a receipt that no database takes')
  },
}

const acknowledgement: Format = {
  name: 'applied.json',
  make: jsonFile({ id: '0198c5a8-7b1e-7c3a-9f00-000000000001', applied: true, error: '' }),
  async read(bytes, folder) {
    await writeFile(join(folder, 'applied.json'), bytes)
    await openAcknowledgementFile({ folder, files: systemFiles, log }).read()
  },
}

const settings: Format = {
  name: 'settings.json',
  make: jsonFile({
    cloudUrl: 'http://127.0.0.1:1',
    exchangeFolder: 'C:\\loyalty',
    known: null,
    preferences: { language: 'ru', brand: 'Копилка', colour: '#0b6b4a', theme: 'light', hasSound: true },
    pin: { salt: '00', hash: '00' },
  }),
  async read(bytes, folder) {
    await writeFile(join(folder, 'settings.json'), bytes)
    openSettings({ dataFolder: folder, files: systemFiles, log }).current()
  },
}

/** A journal with operations in it, whose bytes are then others: after a power cut, or on a dying disk. */
async function journal(folder: string): Promise<Format> {
  const path = join(folder, 'sound.sqlite')
  const open = (path: string) => {
    const { journal } = openJournal(path, Date.now())
    const outbox = createOutbox(journal, {
      clock: systemClock,
      time: createCloudTime(systemClock),
      isAttended: () => false,
    })
    return { outbox, lists: openLists(journal, systemClock) }
  }
  const { outbox } = open(path)
  for (let number = 1; number <= 200; number += 1) {
    const id = `0198c5a8-7b1e-7c3a-9f00-${String(number).padStart(12, '0')}`
    outbox.add({ id, kind: 'earn', card: '654321', purchaseKopecks: 100_000 })
  }
  outbox.close()
  const sound = await readFile(path)
  return {
    name: 'outbox.sqlite',
    make(random, rounds) {
      let bytes: Buffer = sound
      for (let round = 1; round <= rounds; round += 1)
        bytes = mutateBytes(bytes, random.fork(`round ${round}`))
      return bytes
    },
    async read(bytes, folder) {
      const damaged = join(folder, 'outbox.sqlite')
      await writeFile(damaged, bytes)
      const { outbox, lists } = open(damaged)
      try {
        outbox.depth()
        lists.recent(20)
        lists.parked()
      } finally {
        outbox.close()
      }
    },
  }
}

/** Half of them have the right hash over what is wrong in them. */
const backup: Format = {
  name: 'backup',
  make(random, rounds) {
    const lines: unknown[] = [
      {
        ...{ kopilka: 'backup', format: 1, madeAt: toIso(0), sequences: { stores_id_seq: 2 } },
        migrations: [{ name: '001.sql', sha256: 'aa' }],
        tables: [{ name: 'stores', columns: ['id', 'name'] }],
      },
      { table: 'stores' },
      ['1', 'Ашукино'],
      ['2', null],
    ]
    const chosen = random.fork('line').int(0, lines.length - 1)
    const written = lines.map((line, index) =>
      writeJson(index === chosen ? mutatedJson(jsonOf(line), random, rounds) : jsonOf(line)),
    )
    const hash = createLineHash()
    hash.update(written)
    const end = { end: 'kopilka backup', rows: { stores: 2 }, sha256: hash.digest() }
    const packed = gzipSync(`${[...written, JSON.stringify(end)].join('\n')}\n`)
    return spoilt(packed, random.fork('bytes'))
  },
  async read(bytes, folder) {
    const path = join(folder, 'kopilka.backup.gz')
    await writeFile(path, bytes)
    await verifyBackup(path).catch((error) => {
      if (!(error instanceof BackupError)) throw error
    })
  },
}

const manifest: Format = {
  name: 'latest.yml',
  make(random, rounds) {
    let bytes: Buffer = Buffer.from(latestYml('1.4.0', Buffer.from('installer')))
    for (let round = 1; round <= rounds; round += 1) bytes = mutateBytes(bytes, random.fork(`round ${round}`))
    const bomb = random.fork('bomb')
    return bomb.chance(0.1) ? Buffer.from(bomb.pick(YAML_BOMBS)) : bytes
  },
  read: (bytes) => readManifest(bytes.toString('utf8')),
}

const YAML_BOMBS = [
  `a: &a [x]\n${'bcdefghij'.replaceAll(/./g, (name, at: number) => `${name}: &${name} [${`*${'abcdefghij'[at]},`.repeat(9)}]\n`)}`,
  '['.repeat(50_000),
  `version: ${'{a: '.repeat(20_000)}`,
  'version: !!js/function "x"',
  '--- 1\n--- 2\n',
  '? ? ? ?\n',
]
