/** How long to wait after so many failures in a row: longer with each, up to the longest. */
export function backoffMs(
  failures: number,
  { firstMs, growth = 2, longestMs }: { firstMs: number; growth?: number; longestMs: number },
): number {
  return Math.min(firstMs * growth ** failures, longestMs)
}

/** Up to a quarter less or more, so that all the tills of a chain do not come at the same moment. */
export function spreadMs(ms: number, random: number): number {
  return ms * (0.75 + random / 2)
}
