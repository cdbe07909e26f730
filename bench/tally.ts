export interface Latency {
  p50Ms: number
  p95Ms: number
  p99Ms: number
  maxMs: number
}

export interface Counted {
  /** Operations accepted in the measured time. */
  accepted: number
  requests: number
  seconds: number
  latency: Latency
  /** Answers other than an acceptance, from the first second to the last. */
  problems: Record<string, number>
}

/** Counts the operations that end in the measured time, and problems at any time. */
export function createTally() {
  const latencies: number[] = []
  const problems: Record<string, number> = {}
  let accepted = 0
  let openedAt = Infinity
  let closedAt = Infinity

  return {
    open() {
      openedAt = performance.now()
    },
    close() {
      closedAt = performance.now()
    },
    /** `startedAt` is when it was sent, or when it should have been. */
    add({ startedAt, acceptedOperations }: { startedAt: number; acceptedOperations: number }) {
      const now = performance.now()
      if (now < openedAt || now > closedAt) return
      accepted += acceptedOperations
      latencies.push(now - startedAt)
    },
    problem(name: string, times = 1) {
      problems[name] = (problems[name] ?? 0) + times
    },
    count(): Counted {
      return {
        accepted,
        requests: latencies.length,
        seconds: (Math.min(closedAt, performance.now()) - openedAt) / 1000,
        latency: latencyOf(latencies),
        problems,
      }
    },
  }
}

export type Tally = ReturnType<typeof createTally>

/** By nearest rank: a percentile is a latency that was measured. */
function latencyOf(latencies: number[]): Latency {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) }
}
