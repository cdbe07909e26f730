import { tooMany } from './errors.ts'

interface Share {
  /** So many of one sender are worked on at the same time, */
  most: number
  /** so many more wait for their turn, and who comes then is told to come again. */
  waiting?: number
}

interface Sender {
  underWay: number
  /** Each gives a waiting request its turn. */
  waiting: (() => void)[]
}

/** The connections of the database are few and there for all: so that nobody has all of them, however much they ask for. */
export function createAtOnce({ most, waiting: places = 0 }: Share) {
  const senders = new Map<string | number, Sender>()

  /** In the order in which they came. */
  async function begin(key: string | number, givenUp: AbortSignal | undefined): Promise<void> {
    const sender = senders.get(key) ?? { underWay: 0, waiting: [] }
    senders.set(key, sender)
    if (sender.underWay < most) sender.underWay += 1
    else if (sender.waiting.length < places) await turnOf(sender, givenUp)
    else throw tooMany(1)
  }

  /** The turn of a request that has ended is that of the next, so that none comes in between. */
  function end(key: string | number): void {
    const sender = senders.get(key)
    if (!sender) return
    const next = sender.waiting.shift()
    if (next) next()
    else sender.underWay -= 1
    if (sender.underWay === 0) senders.delete(key)
  }

  return {
    /** A request that is given up while it waits loses its place, and is not worked on. */
    async within<T>(key: string | number, work: () => Promise<T>, givenUp?: AbortSignal): Promise<T> {
      await begin(key, givenUp)
      try {
        return await work()
      } finally {
        end(key)
      }
    },
  }
}

function turnOf({ waiting }: Sender, givenUp: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const leave = () => {
    waiting.splice(waiting.indexOf(turn), 1)
    reject(tooMany(1))
  }
  const turn = () => {
    givenUp?.removeEventListener('abort', leave)
    resolve()
  }
  waiting.push(turn)
  if (givenUp?.aborted) leave()
  else givenUp?.addEventListener('abort', leave, { once: true })
  return promise
}
