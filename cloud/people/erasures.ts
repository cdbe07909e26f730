import { createHash } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { z } from 'zod'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { takeLock } from '../database/locks.ts'
import { syncFolder } from '../syncFolder.ts'

// The list of erasures outside of the database, for the day on which a backup is restored that still has the erased people.
// The database is the truth; the list is written from it, one line an erasure, and never loses a line.

/** An erasure. It names no person: the card belongs to no customer any more. */
export interface Erasure {
  card: string
  erasedAt: Instant
}

/** Each line has the hash of all lines before it, so that a changed or missing line is found. */
const lineSchema = z.strictObject({ card: z.string(), erasedAt: z.iso.datetime(), chain: z.string() })

/** The list cannot be believed; the message says where and what to do. */
export class ErasuresError extends Error {
  override name = 'ErasuresError'
}

interface List {
  erasures: Erasure[]
  chain: string
  /** Up to the end of the last whole line: a power failure may leave half of one behind it. */
  bytes: number
}

/** The erasures of a list; null where there is no such file. */
export async function readErasures(file: string): Promise<Erasure[] | null> {
  return (await readList(file))?.erasures ?? null
}

/** Adds the erasures to the file that only the database has. Returns the number of lines. */
export async function keepErasures(sql: Sql, file: string): Promise<number> {
  return await sql.begin(async (sql) => {
    await takeLock(sql, 'erasures')
    const known = await sql<Erasure[]>`
      select card, erased_at as "erasedAt" from erasures order by erased_at, card`
    const list = await readList(file)
    const listed = new Set(list?.erasures.map(keyOf))
    const missing = known.filter((erasure) => !listed.has(keyOf(erasure)))
    if (missing.length > 0 || !list) await append(file, list, missing)
    return missing.length
  })
}

export const keyOf = ({ card, erasedAt }: Erasure) => `${card} ${erasedAt}`

async function readList(file: string): Promise<List | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (text === null) return null
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const list: List = { erasures: [], chain: '', bytes: Buffer.byteLength(whole) }
  for (const [index, line] of whole.split('\n').slice(0, -1).entries()) {
    const { card, erasedAt, chain } = parse(line) ?? {}
    if (!card || !erasedAt || chain !== link(list.chain, { card, erasedAt }))
      throw new ErasuresError(
        `The list of erasures ${basename(file)} is not as it was written, from line ${index + 1} on. Take a copy of it ` +
          'that is whole; where the database is whole, move this one aside and a new one is written from it.',
      )
    list.erasures.push({ card, erasedAt: Date.parse(erasedAt) })
    list.chain = chain
  }
  return list
}

function parse(line: string): z.infer<typeof lineSchema> | null {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}

function link(chain: string, { card, erasedAt }: { card: string; erasedAt: string }): string {
  return createHash('sha256').update(`${chain} ${card} ${erasedAt}`).digest('hex')
}

async function append(file: string, list: List | null, erasures: Erasure[]): Promise<void> {
  let chain = list?.chain ?? ''
  const lines = erasures.map(({ card, erasedAt }) => {
    const line = { card, erasedAt: toIso(erasedAt) }
    chain = link(chain, line)
    return `${JSON.stringify({ ...line, chain })}\n`
  })
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, list ? 'a' : 'ax', 0o600)
  try {
    await handle.truncate(list?.bytes ?? 0)
    // `writeFile`, because a single write may succeed with a part of the text when the disk gets full.
    await handle.writeFile(lines.join(''))
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (!list) await syncFolder(dirname(file))
}
