import type { Injection } from '../../desktop/register/rig/faults.ts'
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
  const violations = year.findings.flatMap(({ what, violations }) =>
    violations.length === 0
      ? []
      : [`\n${what}: not so`, ...violations.slice(0, 5).map((each) => `  ${each}`)],
  )
  return [
    tableOf([...year.looked]),
    '',
    tableOf([...year.faults]),
    '',
    tableOf([...year.happened]),
    '',
    `${year.sales} sales, ${year.events} events, ${(year.virtualMs / 86_400_000).toFixed(1)} days in ${wallSeconds.toFixed(0)} s`,
    `log ${year.hash}`,
    ...violations,
  ].join('\n')
}

function tableOf(rows: [string, number][]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return rows.map(([name, count]) => `${name.padEnd(width)}  ${count}`).join('\n')
}
