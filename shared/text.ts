import { z } from 'zod'

/** Text that can be kept. Postgres cannot hold NUL, and JSON cannot hold half a surrogate pair. */
export function storableSchema(longest: number) {
  return z
    .string()
    .max(longest)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'has characters that cannot be stored')
}

/** Text a person or 1C wrote. */
export const textSchema = (longest: number) => storableSchema(longest).min(1)

/** The same text without what cannot be stored, for senders that cannot be asked to mend it. */
export function mendText(text: string, longest: number): string {
  return text.toWellFormed().replaceAll('\0', '').slice(0, longest).toWellFormed()
}

/**
 * What draws nothing itself and changes how the rest is drawn: it could clear a terminal, write a second line of
 * a log, or turn a name around. The joiner U+200D is left, emoji are made with it.
 */
const UNSHOWABLE =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** What somebody else wrote, as one line that is safe to show. */
export function shownLine(text: string): string {
  return text.replace(UNSHOWABLE, '\ufffd')
}

/** The same for a text whose lines are ours. */
export function shownLines(text: string): string {
  return text.replace(UNSHOWABLE, (character) => (character === '\n' ? character : '\ufffd'))
}

/** JSON that means the same and is safe to show. */
export function shownJson(json: string): string {
  return json.replace(UNSHOWABLE, (character) => (character === '\n' ? character : escaped(character)))
}

const escaped = (character: string) =>
  Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('')
