import { z } from 'zod'

/** Text a person or 1C wrote. Postgres cannot hold NUL, and JSON cannot hold half a surrogate pair. */
export function textSchema(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'has characters that cannot be stored')
}

/** The same text without what cannot be stored, for senders that cannot be asked to mend it. */
export function mendText(text: string, longest: number): string {
  return text.toWellFormed().replaceAll('\0', '').slice(0, longest).toWellFormed()
}
