import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import type { z } from 'zod'
import {
  BackupError,
  createLineHash,
  type Header,
  headerSchema,
  type Trailer,
  tableSchema,
  trailerSchema,
} from './format.ts'

/** `rows`: the next ones of the table named last. The trailer is told once everything before it has proved right. */
export type Part = { header: Header } | { table: string } | { rows: string[] } | { trailer: Trailer }

/** Reads all of a backup and believes nothing: what is truncated, altered or no backup at all ends in an error. */
export async function readBackup(file: string, onPart: (part: Part) => Promise<void>): Promise<void> {
  const read = createReader(onPart)
  try {
    await pipeline(createReadStream(file), createGunzip(), async (chunks) => {
      const decoder = new StringDecoder('utf8')
      // In pieces, so that a line without an end is not gone through again with each of them.
      let begun: string[] = []
      let begunLength = 0
      for await (const chunk of chunks) {
        const [end = '', ...others] = decoder.write(chunk as Buffer).split('\n')
        begun.push(end)
        begunLength += end.length
        if (begunLength > LONGEST_LINE) throw damaged('a line has no end')
        const next = others.pop()
        if (next === undefined) continue
        await read.lines([begun.join(''), ...others])
        begun = [next]
        begunLength = next.length
      }
      if (begun.join('') + decoder.end() !== '') throw damaged('its last line is cut off')
      read.end()
    })
  } catch (error) {
    throw explained(error, file)
  }
}

const LONGEST_LINE = 64 * 1024 * 1024

/** The whole file is sound, and this is what it says of itself. */
export async function verifyBackup(file: string): Promise<{ header: Header; rows: Trailer['rows'] }> {
  let header: Header | undefined
  let rows: Trailer['rows'] = {}
  await readBackup(file, async (part) => {
    if ('header' in part) header = part.header
    if ('trailer' in part) rows = part.trailer.rows
  })
  if (!header) throw new Error('a backup without a header was read')
  return { header, rows }
}

function createReader(onPart: (part: Part) => Promise<void>) {
  const hash = createLineHash()
  const rows: Trailer['rows'] = {}
  let header: Header | undefined
  let table: string | undefined
  let isEnded = false

  async function open(line: string): Promise<void> {
    if (!header) {
      header = parse(headerSchema, line)
      await onPart({ header })
      return
    }
    const [expected] = header.tables.slice(Object.keys(rows).length)
    if (expected) {
      table = parse(tableSchema, line).table
      if (table !== expected.name) throw damaged(`the table ${expected.name} is expected, not ${table}`)
      rows[table] = 0
      await onPart({ table })
      return
    }
    const trailer = parse(trailerSchema, line)
    isEnded = true
    compare(trailer)
    await onPart({ trailer })
  }

  function compare(trailer: Trailer): void {
    for (const [name, count] of Object.entries(rows))
      if (trailer.rows[name] !== count)
        throw damaged(`the table ${name} has ${count} rows instead of ${trailer.rows[name]}`)
    if (trailer.sha256 !== hash.digest()) throw damaged('its content is not what was written')
  }

  async function take(lines: string[]): Promise<void> {
    if (lines.length === 0) return
    if (isEnded) throw damaged('something follows its end')
    if (table === undefined) throw damaged('rows come before their table')
    rows[table] = (rows[table] ?? 0) + lines.length
    hash.update(lines)
    await onPart({ rows: lines })
  }

  return {
    async lines(lines: string[]): Promise<void> {
      let from = 0
      for (const [index, line] of lines.entries()) {
        if (line.startsWith('[')) continue
        await take(lines.slice(from, index))
        from = index + 1
        if (isEnded) throw damaged('something follows its end')
        await open(line)
        if (!isEnded) hash.update([line])
      }
      await take(lines.slice(from))
    },
    end(): void {
      if (!isEnded) throw damaged('its end is missing')
    },
  }
}

function parse<T>(schema: z.ZodType<T>, line: string): T {
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    throw damaged('a line has not the form that is expected')
  }
}

const damaged = (what: string) => new BackupError('backup_damaged', what)

/** What gzip and the file system say, and our own words, as one sentence about the file. */
function explained(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return new BackupError('backup_not_found', `There is no file ${file}.`)
  if (code === 'EISDIR') return new BackupError('backup_not_found', `${file} is a folder: name a file in it.`)
  const why = code.startsWith('Z_') ? `it cannot be unpacked (${error.message})` : error.message
  return code === 'backup_damaged' || code.startsWith('Z_')
    ? new BackupError(
        'backup_damaged',
        `${file} is no whole backup: ${why}. Nothing was restored from it; take another one.`,
      )
    : error
}
