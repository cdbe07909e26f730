import type { Injection } from '../../desktop/register/rig/faults.ts'
import type { Played } from './many.ts'
import type { Year, YearOptions } from './year.ts'

const MOST_TRIES = 60

/** What did not hold, by its first name. */
export const failureOf = ({ findings }: Pick<Year, 'findings'>): string | null =>
  findings.find(({ violations }) => violations.length > 0)?.what ?? null

/**
 * Makes a failing run smaller by itself, as long as the same does not hold: fewer sales, fewer registers, fewer faults.
 * Each has a chance of its own, so what is left of a run goes on as it did.
 */
export async function shrink(
  failing: Played,
  play: (options: YearOptions) => Promise<Year>,
): Promise<{ options: YearOptions; tries: number }> {
  let { options } = failing
  let tries = 0
  const what = failureOf(failing.year)
  if (what === null) throw new Error('there is nothing to make smaller: this run holds')

  async function isStill(next: YearOptions): Promise<boolean> {
    if (tries >= MOST_TRIES) return false
    tries += 1
    if (failureOf(await play(next)) !== what) return false
    options = next
    return true
  }

  /** By halves, then by quarters: a number that stays above `least`. */
  async function lower(key: 'sales' | 'registers' | 'salesADay', least: number): Promise<void> {
    for (const share of [1 / 8, 1 / 4, 1 / 2, 3 / 4]) {
      for (;;) {
        const value = Math.max(least, Math.floor(options[key] * share))
        if (value >= options[key] || !(await isStill({ ...options, [key]: value }))) break
      }
    }
  }

  /** Without many at once, then one by one. */
  async function lessFaults(): Promise<void> {
    for (let size = Math.ceil(options.faults.length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; at < options.faults.length; ) {
        const left: Injection[] = options.faults.filter((_, index) => index < at || index >= at + size)
        if (!(await isStill({ ...options, faults: left }))) at += size
      }
    }
  }

  await lower('sales', 1)
  await lower('registers', 1)
  await lower('sales', 1)
  await lessFaults()
  await lower('sales', 1)
  return { options, tries }
}
