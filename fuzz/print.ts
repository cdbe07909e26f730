import type { Report } from './run.ts'

/** What was tried, and what was found. */
export function reportOf({ doors, findings, remains }: Report): string {
  const tried = [...doors].sort(([, one], [, other]) => other - one)
  const total = tried.reduce((sum, [, count]) => sum + count, 0)
  return [
    `${total} inputs at ${tried.length} doors:`,
    ...tried.map(([door, count]) => `  ${String(count).padStart(6)}  ${door}`),
    ...findings.map(
      ({ at, problem, times, input, command }) =>
        `\n${at}: ${problem} (${times} ×)\n  ${command}\n  ${input}`,
    ),
    ...remains.map((what) => `\nat the end: ${what}`),
    findings.length + remains.length === 0
      ? '\nnothing was found'
      : `\n${findings.length + remains.length} found`,
  ].join('\n')
}
