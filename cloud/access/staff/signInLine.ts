/** Places in the line; as many more are for networks that signed in before, whatever strangers do. */
const PLACES = 8
const NETWORKS_KNOWN = 1000
/** About what a full line takes. */
const RETRY_AFTER_SECONDS = 2

/** Nobody else fits in: nothing was looked at, and nothing counted. */
export class LineFull extends Error {
  override name = 'LineFull'
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS
}

type Take = <T>(work: () => Promise<T>) => Promise<T>

export type SignInLine = ReturnType<typeof createSignInLine>

/**
 * A password costs a tenth of a second of a whole processor, so passwords are looked at one at a time and few wait.
 * It is also what bounds guessing from everywhere at once. Of one process, as the limits of the API are.
 */
export function createSignInLine() {
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
      // Handed on and not let go, or somebody who just comes could take it too.
      const next = waiting.known.shift() ?? waiting.strangers.shift()
      if (next) next()
      else isTaken = false
    }
  }

  return {
    /** Lets in or throws at once; whoever is in gets the one turn when it is theirs. */
    async enter<T>(network: string, signIn: (take: Take) => Promise<T>): Promise<T> {
      const isKnown = known.has(network)
      if (inside >= (isKnown ? 2 * PLACES : PLACES)) throw new LineFull('too many want to sign in at once')
      inside += 1
      try {
        return await signIn((work) => take(isKnown ? 'known' : 'strangers', work))
      } finally {
        inside -= 1
      }
    },

    /** Somebody of this network had the right password. */
    remember(network: string): void {
      known.delete(network)
      known.add(network)
      const [oldest = ''] = known
      if (known.size > NETWORKS_KNOWN) known.delete(oldest)
    },
  }
}
