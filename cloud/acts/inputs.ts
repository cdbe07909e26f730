import { z } from 'zod'

/** Text that a person typed and that must be storable: Postgres cannot hold NUL, JSON no half characters. */
export const textInput = z
  .string()
  .trim()
  .min(1, 'it is empty')
  .max(100, 'it is longer than 100 characters')
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'it has characters that cannot be stored')

/** A number, or its digits as a person typed them. */
export const numberInput = (digits: RegExp, message: string) =>
  z.preprocess(
    (given: number | string) => (typeof given === 'number' ? String(given) : given),
    z.string().regex(digits, message).transform(Number),
  )

/** Wide enough for every setting; the act that takes it has the bounds. */
export const integerInput = numberInput(/^[+-]?\d{1,10}$/, 'a whole number of 10 digits at most is expected')

export const idInput = numberInput(/^[1-9]\d{0,8}$/, 'a number from the list is expected')

/** Far from the ends of the calendar, so that a job may count years from it. */
export const instantInput = z
  .union(
    [z.iso.datetime({ offset: true }), z.iso.date(), z.int()],
    'a time such as 2026-01-21T00:00:00Z is expected',
  )
  .transform((given) => (typeof given === 'number' ? given : Date.parse(given)))
  .refine(
    (at) => at >= Date.parse('2000-01-01') && at < Date.parse('3000-01-01'),
    'a time from the year 2000 to the year 2999 is expected',
  )

export const flagInput = z.boolean().default(false)
