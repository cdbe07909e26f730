const SLICE_MS = 2

/**
 * Goes through lists in slices: an item may cost as much as a sale, a list may be long, and sales have their turn between
 * two slices. A list that one slice does not finish waits until the lists before it are through; otherwise each of many
 * lists would have a slice between two turns of a sale.
 */
export function createLongLists() {
  let last: Promise<void> = Promise.resolve()

  /** `mayGoOn` is asked before the rest of a list goes on, and throws where its sender may not have it any more. */
  return async function mapInSlices<Item, Result>(
    items: Item[],
    map: (item: Item) => Result,
    mayGoOn: () => void,
  ): Promise<Result[]> {
    const results: Result[] = []
    function slice(): boolean {
      const until = performance.now() + SLICE_MS
      for (const item of items.slice(results.length)) {
        if (performance.now() > until) return false
        results.push(map(item))
      }
      return true
    }
    if (slice()) return results
    const before = last
    const { promise, resolve } = Promise.withResolvers<void>()
    last = promise
    try {
      await before
      mayGoOn()
      do await new Promise(setImmediate)
      while (!slice())
      return results
    } finally {
      resolve()
    }
  }
}
