/** Places in the queue; as many more are for networks that signed in before, whatever strangers do. */
const PLACES = 8
const NETWORKS_KNOWN = 1000
/** About what a full queue takes. */
const RETRY_AFTER_SECONDS = 4
/** After a stranger's password the others of the machine have it for so many times as long. */
const REST = 4
const LONGEST_REST_MS = 1_000
/** So much rest is not taken after a quiet time: whoever mistypes is not kept waiting. */
const RESTED_MS = 2_000

/** All places are taken: no password was looked at, and no attempt counted. */
export class SignInQueueFull extends Error {
  override name = 'SignInQueueFull'
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS
}

type Take = <T>(work: () => Promise<T>) => Promise<T>

export type SignInQueue = ReturnType<typeof createSignInQueue>

/**
 * A password costs a tenth of a second of a whole processor, so passwords are looked at one at a time and few wait.
 * Strangers have a fifth of one processor for it, because the sales run on the same machine. It is also what bounds
 * guessing from everywhere at once. Of one process, as the limits of the API are.
 */
export function createSignInQueue() {
  const known = new Set<string>()
  const waiting = { known: [] as (() => void)[], strangers: [] as (() => void)[] }
  let inside = 0
  let isTaken = false
  let restedAt = Number.NEGATIVE_INFINITY
  let rest: NodeJS.Timeout | undefined

  async function take<T>(whose: keyof typeof waiting, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      waiting[whose].push(resolve)
      letNext()
    })
    const startedAt = performance.now()
    try {
      return await work()
    } finally {
      const now = performance.now()
      const restMs = Math.min(LONGEST_REST_MS, REST * (now - startedAt))
      if (whose === 'strangers') restedAt = Math.max(restedAt, now - RESTED_MS) + restMs
      isTaken = false
      letNext()
    }
  }

  function letNext(): void {
    if (isTaken) return
    const restMs = restedAt - performance.now()
    const next = waiting.known.shift() ?? (restMs <= 0 ? waiting.strangers.shift() : undefined)
    isTaken = next !== undefined
    next?.()
    clearTimeout(rest)
    if (!next && waiting.strangers.length > 0) rest = setTimeout(letNext, restMs)
  }

  return {
    /** Gives a place or throws at once; `take` waits for the turn of that place. */
    async enter<T>(network: string, signIn: (take: Take) => Promise<T>): Promise<T> {
      const isKnown = known.has(network)
      if (inside >= (isKnown ? 2 * PLACES : PLACES))
        throw new SignInQueueFull('too many want to sign in at once')
      inside += 1
      try {
        return await signIn((work) => take(isKnown ? 'known' : 'strangers', work))
      } finally {
        inside -= 1
      }
    },

    /** A right password came from this network. */
    remember(network: string): void {
      known.delete(network)
      known.add(network)
      const [oldest = ''] = known
      if (known.size > NETWORKS_KNOWN) known.delete(oldest)
    },
  }
}
