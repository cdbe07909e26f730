import type { CpuShares } from './cpu.ts'
import type { LimitRates } from './limit.ts'
import type { Latency } from './tally.ts'

export interface Finding {
  what: string
  perSecond?: number
  /** What there are so many of a second. */
  unit?: string
  latency?: Latency
  limit?: LimitRates
  reach?: { ratio?: number; p99Ms?: number }
  /** Answers that were not what was asked for. */
  problems?: Record<string, number>
  cpu?: CpuShares | null
}

export const limitOf = ({ limit }: Finding): number | null =>
  limit ? (limit.before + limit.after) / 2 : null

export function ratioOf(finding: Finding): number | null {
  const limit = limitOf(finding)
  return limit && finding.perSecond !== undefined ? finding.perSecond / limit : null
}

/** Null where nothing was promised. */
export function isReached(finding: Finding): boolean | null {
  const { reach, latency } = finding
  if (!reach) return null
  const ratio = ratioOf(finding)
  return (
    (reach.ratio === undefined || (ratio !== null && ratio >= reach.ratio)) &&
    (reach.p99Ms === undefined || (latency !== undefined && latency.p99Ms < reach.p99Ms))
  )
}
