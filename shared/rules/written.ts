import type { z } from 'zod'
import { type BookDocument, baseSchema, bookDocumentSchema } from './book.ts'
import { endsFirst, hasAnyTime } from './validity.ts'

/** What is wrong with a book, and where: `rules[2].award.points`. */
export interface Problem {
  path: string
  message: string
}

/**
 * A book as a person has written it, or all that is wrong with it. A part that this version does not know is a problem
 * here: its writer would think that it is valid. A stored book is asked only what was asked when it was written.
 */
export function readWritten(
  written: unknown,
  { isKept = false } = {},
): { document: BookDocument | null; problems: Problem[] } {
  const read = bookDocumentSchema.safeParse(written)
  const problems = [
    ...unknownStatuses(read.data),
    ...(isKept ? [] : rulesWithoutTime(read.data)),
    ...unknownParts(written, '', Object.keys(bookDocumentSchema.shape)),
    ...unknownParts((written as { base?: unknown } | null)?.base, 'base.', Object.keys(baseSchema.shape)),
    ...(read.error?.issues ?? []).map((issue) => ({ path: pathOf(issue), message: issue.message })),
  ]
  return { document: problems.length === 0 ? (read.data ?? null) : null, problems }
}

/** A rule for a status that the book does not have would never give anything. */
function unknownStatuses(document: BookDocument | undefined): Problem[] {
  if (!document || document.statuses.length === 0) return []
  const names = document.statuses.map(({ name }) => name)
  return document.rules.flatMap(({ when }, rule) =>
    when.flatMap((condition, place) =>
      condition.type !== 'status'
        ? []
        : condition.names
            .filter((name) => !names.includes(name))
            .map((name) => ({
              path: `rules[${rule}].when[${place}].names`,
              message: `there is no status ${name}; there are ${names.join(', ')}`,
            })),
    ),
  )
}

/** Rules that end before they begin on the same day. A stored book may have them, but no writer of a new one means it. */
const rulesWithoutTime = (document: BookDocument | undefined): Problem[] =>
  (document?.rules ?? []).flatMap((rule, place) =>
    hasAnyTime(rule) ? [] : [{ path: `rules[${place}].until`, message: endsFirst.error }],
  )

function unknownParts(part: unknown, before: string, known: string[]): Problem[] {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return []
  return Object.keys(part)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: before + key, message: `is not known; there are ${known.join(', ')}` }))
}

function pathOf({ path }: z.core.$ZodIssue): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}
