import type { BookResult } from '../../shared/console/trials.ts'
import type { Trial } from '../ledger/bookTally.ts'

/** Why these rules gave nothing, the commonest reason first. */
export function skippedOf(
  { skipped }: Pick<Trial, 'skipped'>,
  rules: readonly { id: string; title: string }[],
): BookResult['skipped'] {
  return rules
    .flatMap(({ id, title }) =>
      Object.entries(skipped[id] ?? {}).map(([why, times]) => ({ id, title, why, times })),
    )
    .sort((one, other) => other.times - one.times)
}
