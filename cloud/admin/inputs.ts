import { z } from 'zod'

/** Text that a person typed and that must be storable: Postgres cannot hold NUL, JSON no half characters. */
export const textInput = z
  .string()
  .trim()
  .min(1, 'it is empty')
  .max(100, 'it is longer than 100 characters')
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'it has characters that cannot be stored')

export const integerInput = z
  .string()
  .regex(/^[+-]?\d{1,9}$/, 'a whole number is expected')
  .transform(Number)

export const idInput = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'a number from the list is expected')
  .transform(Number)

export const instantInput = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'a time such as 2026-01-21T00:00:00Z is expected')
  .transform((text) => Date.parse(text))

export const flagInput = z.boolean().default(false)
