import type { CpuShares } from './cpu.ts'
import type { LimitRates } from './limit.ts'
import type { ServerWork } from './serverWork.ts'
import type { Latency } from './tally.ts'

export interface Finding {
  what: string
  perSecond?: number
  /** The unit of the rate, such as operations. */
  unit?: string
  latency?: Latency
  /** The same without the disturbance. */
  alone?: Latency
  limit?: LimitRates | null
  /** How long the whole phase took. */
  seconds?: number
  kilobytes?: number
  reach?: {
    kilobytes?: number
    ratio?: number
    p50Ms?: number
    p99Ms?: number
    seconds?: number
    p99Ratio?: number
    p50Ratio?: number
  }
  /** Answers that were not what was asked for. */
  problems?: Record<string, number>
  cpu?: CpuShares | null
  work?: ServerWork | null
  /** Operations that were accepted meanwhile. */
  accepted?: number
}

export const limitOf = ({ limit }: Finding): number | null =>
  limit ? (limit.before + limit.after) / 2 : null

/** Rare stalls are compared by the p99; the cost of one thing by its p50, which a busy machine changes least. */
export const comparedBy = ({ reach }: Finding) => (reach?.p50Ratio === undefined ? 'p99Ms' : 'p50Ms')

export function ratioOf(finding: Finding): number | null {
  const { latency, alone } = finding
  if (latency && alone) return latency[comparedBy(finding)] / alone[comparedBy(finding)]
  const limit = limitOf(finding)
  return limit && finding.perSecond !== undefined ? finding.perSecond / limit : null
}

/** Whether a promised figure was reached; null where none was promised. */
export function isReached(finding: Finding): boolean | null {
  const { reach, latency, seconds, kilobytes } = finding
  if (!reach) return null
  const ratio = ratioOf(finding)
  // A cloud that turns all requests away is quick.
  const isServed = Object.keys(finding.problems ?? {}).length === 0
  return (
    (reach.p99Ratio === undefined || (ratio !== null && ratio < reach.p99Ratio && isServed)) &&
    (reach.p50Ratio === undefined || (ratio !== null && ratio < reach.p50Ratio && isServed)) &&
    (reach.ratio === undefined || (ratio !== null && ratio >= reach.ratio)) &&
    (reach.p50Ms === undefined || (latency !== undefined && latency.p50Ms < reach.p50Ms)) &&
    (reach.kilobytes === undefined || (kilobytes !== undefined && kilobytes < reach.kilobytes)) &&
    (reach.seconds === undefined || (seconds !== undefined && seconds < reach.seconds)) &&
    (reach.p99Ms === undefined || (latency !== undefined && latency.p99Ms < reach.p99Ms))
  )
}
