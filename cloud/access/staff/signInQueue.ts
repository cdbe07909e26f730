/** Places in the queue; as many more are for networks that signed in before, whatever strangers do. */
const PLACES = 8
const NETWORKS_KNOWN = 1000
/** About what a full queue takes. */
const RETRY_AFTER_SECONDS = 2

/** All places are taken: no password was looked at, and no attempt counted. */
export class SignInQueueFull extends Error {
  override name = 'SignInQueueFull'
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS
}

type Take = <T>(work: () => Promise<T>) => Promise<T>

export type SignInQueue = ReturnType<typeof createSignInQueue>

/**
 * A password costs a tenth of a second of a whole processor, so passwords are looked at one at a time and few wait.
 * It is also what bounds guessing from everywhere at once. Of one process, as the limits of the API are.
 */
export function createSignInQueue() {
  const known = new Set<string>()
  const waiting = { known: [] as (() => void)[], strangers: [] as (() => void)[] }
  let inside = 0
  let isTaken = false

  async function take<T>(whose: keyof typeof waiting, work: () => Promise<T>): Promise<T> {
    if (isTaken) await new Promise<void>((resolve) => waiting[whose].push(resolve))
    isTaken = true
    try {
      return await work()
    } finally {
      // The turn is handed on and not let go, or a sign-in that just comes could take it too.
      const next = waiting.known.shift() ?? waiting.strangers.shift()
      if (next) next()
      else isTaken = false
    }
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
