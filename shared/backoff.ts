/** How long to wait after so many failures in a row, from 0: so many times as long each time, up to the longest. */
export function backoff(
  failures: number,
  { first, growth = 2, longest }: { first: number; growth?: number; longest: number },
): number {
  return Math.min(longest, first * growth ** failures)
}

/** Up to a quarter less or more, so that all the tills of a chain do not come at the same moment. */
export function spread(wait: number, random: number): number {
  return wait * (0.75 + random / 2)
}
