import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * A backup is a gzip of lines of JSON: this header, then for each table its name and one array a row, with every
 * value as Postgres writes it as text, and at the end how many rows there were and the hash of all lines before.
 */
export const headerSchema = z.object({
  kopilka: z.literal('backup'),
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })).min(1),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  /** The last number each sequence has given; one that has given none is left out. */
  sequences: z.record(z.string(), z.number().int()),
})
export type Header = z.output<typeof headerSchema>

export const tableSchema = z.object({ table: z.string() })

export const trailerSchema = z.object({
  end: z.literal('kopilka backup'),
  rows: z.record(z.string(), z.number().int()),
  sha256: z.string(),
})
export type Trailer = z.output<typeof trailerSchema>

/** Of lines, each with its end. */
export function createLineHash() {
  const hash = createHash('sha256')
  return {
    update: (lines: string[]) => void (lines.length > 0 && hash.update(`${lines.join('\n')}\n`)),
    digest: () => hash.digest('hex'),
  }
}

/** The message says what to do; nothing was changed. */
export class BackupError extends Error {
  override name = 'BackupError'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
