import type { Injection } from '../desktop/register/rig/faults.ts'
import { createCounter } from './counter.ts'
import type { Day } from './day.ts'
import type { Evidence, Till } from './evidence.ts'
import { changedAfterDiscount, gapHits } from './invariants.ts'
import type { Happening } from './notes.ts'

type NetworkFault = Injection extends infer Name
  ? Name extends `network: ${infer What}`
    ? What
    : never
  : never

const MOST_SHOWN = 5

/** What was checked, and what happened on the day. */
export function reportOf(day: Day): string {
  const checked = day.findings.map(({ what, count, violations }) => [
    what,
    String(count),
    violations.length === 0 ? 'ok' : `VIOLATION × ${violations.length}`,
  ])
  const violations = day.findings.flatMap(({ what, violations }) =>
    violations.length === 0 ? [] : [`\n${what}: not so\n${shown(violations)}`],
  )
  return [
    tableOf(checked),
    '',
    tableOf(happeningsOf(day).map(([what, count]) => [what, String(count)])),
    ...violations,
  ].join('\n')
}

function shown(violations: string[]): string {
  const rest = violations.length - MOST_SHOWN
  const lines = violations.slice(0, MOST_SHOWN).map((violation) => `  ${violation}`)
  return [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n')
}

function happeningsOf({ evidence, networks, cloudKills, wallSeconds }: Day): [string, number | string][] {
  const { tills } = evidence
  const happened = (name: Happening) => total(tills.map(({ notes }) => notes.happened.counts[name] ?? 0))
  const struck = (what: NetworkFault) =>
    total(networks.map(({ faults }) => faults.get(`network: ${what}`) ?? 0))
  const journal = tills.flatMap((till) => till.journal)
  const done = (kind: string) => journal.filter((row) => row.kind === kind && row.state === 'accepted').length
  return [
    ['sales begun', happened('begun')],
    ['  earned', done('earn')],
    ['  redeemed: 1C took the discount', total(tills.map(({ notes }) => notes.taken.length))],
    ['  given back: not taken, cancelled or refused', done('release')],
    [
      '  with a voucher: shown / good / used',
      `${happened('code_shown')} / ${happened('code_good')} / ${total(evidence.vouchers.map(({ used }) => used))}`,
    ],
    ['  in doubt for a while', evidence.holds.filter(({ wasInDoubt }) => wasInDoubt).length],
    ['  undone', done('refund')],
    ['  done offline, told as waiting', total(tills.map(({ notes }) => notes.queued.size))],
    ['gifts of a campaign: given / left out', giftsOf(evidence)],
    ['friends: rewarded / taken back / for nothing / waiting', friendsOf(evidence)],
    ['redemptions cancelled by the cashier', happened('cancelled') + happened('gave_up_waiting')],
    ['1C closed, or the next receipt opened, in the middle', happened('abandoned') + happened('hurried')],
    ['1C crashed between two steps', happened('crashed_1c')],
    ['1C refused by protocol 2', happened('refused_by_1c')],
    ['1C read a discount that was gone when it deleted it', tills.flatMap(gapHits).length],
    ['1C changed the amount of a receipt whose discount it had', changedAfterDiscount(evidence)],
    ['equal purchases confirmed', happened('confirmed_duplicate')],
    ['parked operations tried again', happened('retried_parked')],
    ['taps that the register did not take', happened('tap_refused')],
    ['registers killed with -9 / stopped', `${happened('killed')} / ${happened('stopped')}`],
    ['  in the middle of a redemption, by its step', stepsOf(tills)],
    ['sales that went on after it', happened('resumed')],
    ['cloud killed with -9', cloudKills],
    ['requests carried, copies too', total(networks.map(({ requests }) => requests.carried))],
    ['requests lost in an outage', total(networks.map(({ requests }) => requests.lostInOutage))],
    ['  of a bad network', struck('the request is lost')],
    ['replies lost', struck('the reply is lost')],
    ['requests doubled / copied late', `${struck('doubled')} / ${struck('a copy comes late')}`],
    ['requests slow / overtaken', `${struck('slow')} / ${struck('overtaken by what was sent later')}`],
    ['answered with 503', struck('503 from a busy cloud')],
    ['wall time, s', wallSeconds.toFixed(0)],
  ]
}

function giftsOf({ gifts }: Evidence): string {
  const { people = [], posted = [] } = gifts ?? {}
  return `${posted.length} / ${people.filter(({ isLeftOut }) => isLeftOut).length}`
}

function friendsOf({ invitations = [] }: Evidence): string {
  const count = (...states: string[]) => invitations.filter(({ state }) => states.includes(state)).length
  return [count('rewarded'), count('taken_back'), count('rejected'), count('waiting', 'flagged')].join(' / ')
}

function stepsOf(tills: Till[]): string {
  const counter = createCounter<string>()
  for (const step of tills.flatMap(({ cutShort }) => cutShort)) counter.add(step)
  return Object.entries(counter.counts)
    .map(([step, count]) => `${step} ${count}`)
    .join(', ')
}

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)

function tableOf(rows: string[][]): string {
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
