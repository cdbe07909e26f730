import { tooMany } from './errors.ts'

interface Share {
  /** So many of one sender are worked on at the same time, */
  most: number
  /** so many more wait for their turn, and who comes then is told to come again. */
  waiting?: number
}

/** The connections of the database are few and there for all: so that nobody has all of them, however much they ask for. */
export function createAtOnce({ most, waiting: places = 0 }: Share) {
  const shares = new Map<string | number, { underWay: number; waiting: (() => void)[] }>()

  /** In the order in which they came. */
  async function begin(key: string | number): Promise<void> {
    const share = shares.get(key) ?? { underWay: 0, waiting: [] }
    shares.set(key, share)
    if (share.underWay < most) share.underWay += 1
    else if (share.waiting.length < places) await new Promise<void>((resolve) => share.waiting.push(resolve))
    else throw tooMany(1)
  }

  /** The turn of who has ended is that of the next, so that nobody comes in between. */
  function end(key: string | number): void {
    const share = shares.get(key)
    if (!share) return
    const next = share.waiting.shift()
    if (next) next()
    else share.underWay -= 1
    if (share.underWay === 0) shares.delete(key)
  }

  return {
    async within<T>(key: string | number, work: () => Promise<T>): Promise<T> {
      await begin(key)
      try {
        return await work()
      } finally {
        end(key)
      }
    },
  }
}
