import type { Violation } from '../cloud/ledger/audit.ts'
import type { CpuShares } from './cpu.ts'
import { comparedBy, type Finding, isReached, limitOf, ratioOf } from './findings.ts'
import { type Machine, machineLine } from './machine.ts'

export interface Report {
  findings: Finding[]
  violations: Violation[]
  machine: Machine
  profile: string | undefined
}

/** Progress goes to stderr, so that stdout holds the report alone. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

export function printReport(report: Report, { json }: { json: boolean }): void {
  console.log(json ? jsonOf(report) : textOf(report))
}

function jsonOf({ findings, ...rest }: Report): string {
  const judged = findings.map((finding) => ({
    ...finding,
    ratio: ratioOf(finding),
    isReached: isReached(finding),
  }))
  return JSON.stringify({ findings: judged, ...rest }, null, 2)
}

function textOf({ findings, violations, machine, profile }: Report): string {
  const audit =
    violations.length === 0
      ? 'Audit: no violations.'
      : `Audit: ${violations.length} VIOLATIONS\n${violations.map((violation) => JSON.stringify(violation)).join('\n')}`
  return [
    tableOf(findings),
    asideOf(findings),
    audit,
    machineLine(machine),
    ...(profile ? [profile] : []),
  ].join('\n\n')
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0))

function tableOf(findings: Finding[]): string {
  const rows = findings.map((finding) => [
    finding.what,
    measured(finding),
    limited(finding),
    ratioOf(finding)?.toFixed(2).concat(' ×') ?? '',
    promised(finding),
  ])
  return table(['what', 'measured', 'limit in the same run', 'ratio', 'reach'], rows)
}

function measured({ perSecond, unit, latency, seconds, kilobytes }: Finding): string {
  const rate = perSecond === undefined ? [] : [`${whole(perSecond)} ${unit}/s`]
  const times = latency
    ? [`p50 ${ms(latency.p50Ms)}, p95 ${ms(latency.p95Ms)}, p99 ${ms(latency.p99Ms)} ms`]
    : []
  const inAll = seconds === undefined ? [] : [`${seconds.toFixed(1)} s`]
  const size = kilobytes === undefined ? [] : [`${kilobytes.toFixed(0)} kB`]
  return [...size, ...inAll, ...rate, ...times].join('; ')
}

function limited(finding: Finding): string {
  const by = comparedBy(finding)
  if (finding.alone) return `${by.slice(0, 3)} ${ms(finding.alone[by])} ms alone`
  const mean = limitOf(finding)
  if (!finding.limit || mean === null) return ''
  return `${whole(mean)}/s (before ${whole(finding.limit.before)}, after ${whole(finding.limit.after)})`
}

function promised(finding: Finding): string {
  const { reach } = finding
  if (!reach) return ''
  const parts = [
    ...(reach.p99Ratio === undefined ? [] : [`< ${reach.p99Ratio} ×, all accepted`]),
    ...(reach.p50Ratio === undefined ? [] : [`< ${reach.p50Ratio} ×, all accepted`]),
    ...(reach.ratio === undefined ? [] : [`≥ ${reach.ratio} ×`]),
    ...(reach.p50Ms === undefined ? [] : [`p50 < ${reach.p50Ms} ms`]),
    ...(reach.kilobytes === undefined ? [] : [`< ${reach.kilobytes} kB`]),
    ...(reach.seconds === undefined ? [] : [`< ${reach.seconds} s`]),
    ...(reach.p99Ms === undefined ? [] : [`p99 < ${reach.p99Ms} ms`]),
  ]
  return `${parts.join(', ')}: ${isReached(finding) ? 'reached' : 'missed'}`
}

/** The cores that each process kept busy, and the unexpected answers. */
function asideOf(findings: Finding[]): string {
  const lines = findings.flatMap((finding) => {
    const { what, cpu, problems } = finding
    if (!problems) return []
    const wrong = Object.entries(problems).map(([name, times]) => `${times} × ${name}`)
    const answers = wrong.length > 0 ? `not accepted: ${wrong.join(', ')}` : 'all accepted'
    return [
      `- ${what}: ${[...(cpu ? [coresOf(cpu)] : []), ...microsOf(finding), ...workOf(finding), answers].join('; ')}`,
    ]
  })
  return lines.join('\n')
}

function coresOf({ api, postgres, generator, others }: CpuShares): string {
  const shares = { API: api, Postgres: postgres, generator, 'other programs': others }
  const parts = Object.entries(shares).map(([who, cores]) => `${who} ${cores.toFixed(2)}`)
  return `cores busy: ${parts.join(', ')}`
}

/** The one figure that a busy machine changes little. */
function microsOf({ cpu, perSecond, unit }: Finding): string[] {
  if (!cpu || !perSecond) return []
  const micros = (cores: number) => whole((cores * 1e6) / perSecond)
  return [`CPU µs for one of the ${unit}: API ${micros(cpu.api)}, Postgres ${micros(cpu.postgres)}`]
}

function workOf({ work, accepted }: Finding): string[] {
  if (!work || !accepted) return []
  const size = (accepted / work.transactions).toFixed(1)
  return [
    `for each operation ${whole(work.walBytes / accepted)} bytes of WAL; ${size} operations a transaction`,
  ]
}

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
