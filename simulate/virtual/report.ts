import type { Injection } from '../../desktop/register/rig/faults.ts'
import { tableOf, violationsOf } from '../print.ts'
import type { Year, YearOptions } from './year.ts'

/** From so many sales on a fault that never happened is a fault of the run. */
const ENOUGH_SALES = 10_000

/** Faults that could have happened and never did. */
export function neverStruck({ faults }: YearOptions, year: Year): Injection[] {
  if (year.sales < ENOUGH_SALES) return []
  return faults.filter((injection) => !year.faults.get(injection))
}

/** What was looked at, what went wrong on purpose, and what did not hold. */
export function reportOf(year: Year, wallSeconds: number): string {
  return [
    ...[year.looked, year.faults, year.happened].flatMap((counts) => [tableOf(rowsOf(counts)), '']),
    `${year.sales} sales, ${year.events} events, ${(year.virtualMs / 86_400_000).toFixed(1)} days in ${wallSeconds.toFixed(0)} s`,
    `log ${year.hash}`,
    ...violationsOf(year.findings),
  ].join('\n')
}

const rowsOf = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([name, count]) => [name, String(count)])
