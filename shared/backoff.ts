/** How long to wait after so many failures in a row, from 0: `growth` times as long each time, up to the longest. */
export function backoff(
  failures: number,
  { first, growth = 2, longest }: { first: number; growth?: number; longest: number },
): number {
  return Math.min(longest, first * growth ** failures)
}
