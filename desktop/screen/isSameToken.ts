import { timingSafeEqual } from 'node:crypto'

/** In a time that does not tell how much of a guessed token is right. */
export function isSameToken(said: string, token: string): boolean {
  const [one, other] = [Buffer.from(said), Buffer.from(token)]
  return one.length === other.length && timingSafeEqual(one, other)
}
