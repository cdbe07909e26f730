/**
 * Whether a customer is one of so many in a hundred who are left out of something: the same customers however often it is
 * asked, and other customers for something else. The card decides it, because a till knows it too.
 */
export function isHeldOut(card: string, { of, percent }: { of: string; percent: number }): boolean {
  return percent > 0 && placeOf(`${of} ${card}`) < percent
}

/** From 0 to 99, each for as many texts: FNV-1a, with the bits mixed as MurmurHash3 does at its end. */
function placeOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % 100
}
