import { createCounter } from './counter.ts'
import type { Day } from './day.ts'
import { type Finding, gapHits } from './invariants.ts'

const MOST_SHOWN = 5

/** What was checked, and what happened on the day. */
export function reportOf(day: Day): string {
  const checked = day.findings.map(({ what, count, violations }) => [
    what,
    String(count),
    violations.length === 0 ? 'ok' : `VIOLATION × ${violations.length}`,
  ])
  return [
    tableOf(checked),
    '',
    tableOf(happeningsOf(day).map(([what, count]) => [what, String(count)])),
    ...violationsOf(day.findings),
  ].join('\n')
}

export const violationsOf = (findings: Finding[]): string[] =>
  findings.flatMap(({ what, violations }) =>
    violations.length === 0 ? [] : [`\n${what}: not so\n${shown(violations)}`],
  )

function shown(violations: string[]): string {
  const rest = violations.length - MOST_SHOWN
  const lines = violations.slice(0, MOST_SHOWN).map((violation) => `  ${violation}`)
  return [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n')
}

function happeningsOf({ evidence, networks, cloudKills, wallSeconds }: Day): [string, number][] {
  const { tills, vouchers, holds, gifts, invitations = [] } = evidence
  const counter = createCounter<string>()
  for (const { notes, journal, cutShort } of tills) {
    for (const [name, count] of notes.happened.counts) counter.add(name, count)
    for (const { kind, state } of journal) if (state === 'accepted') counter.add(`${kind}: done`)
    for (const step of cutShort) counter.add(`ended in the middle of a redemption: ${step}`)
    counter.add('1C took a discount', notes.taken.length)
    counter.add('told as waiting', notes.queued.size)
  }
  for (const { requests, faults } of networks) {
    counter.add('requests carried, copies too', requests.carried)
    counter.add('requests lost in an outage', requests.lostInOutage)
    for (const [name, count] of faults) if (name.startsWith('network:')) counter.add(name, count)
  }
  counter.add(
    'vouchers used',
    vouchers.reduce((total, { used }) => total + used, 0),
  )
  counter.add('gifts of a campaign', gifts?.posted.length ?? 0)
  for (const { state } of invitations) counter.add(`invitations: ${state}`)
  counter.add('in doubt for a while', holds.filter(({ wasInDoubt }) => wasInDoubt).length)
  counter.add('1C read a discount that was gone when it deleted it', tills.flatMap(gapHits).length)
  counter.add('cloud killed with -9', cloudKills)
  counter.add('wall time, s', Math.round(wallSeconds))
  return [...counter.counts]
}

export function tableOf(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
