export const GROUP_LIMIT = 500
/** What one author may have waiting: ten full batches of a register, more than an honest one ever has. */
const LINE_LIMIT = 2_000
const WAITING_LIMIT = 20_000
/** So many operations of every author go before anybody's backlog: a sale is one or two. */
const SHARE = 10

/**
 * Who waits for the next group: a line for each author, so that a register with a backlog is in nobody's way. A
 * group takes a share from every line first, and what is then left of it belongs to the backlogs, one after the other.
 */
export function createLines<T>() {
  /** Whose turn comes first stands first. */
  const lines = new Map<string, T[]>()
  let waiting = 0

  /** Why so many more of this author cannot wait; a sale of somebody who has nothing waiting always can. */
  function obstacle(author: string, count: number): string | null {
    const length = lines.get(author)?.length ?? 0
    if (length + count > LINE_LIMIT) return `${length} operations of this sender wait already`
    const isSale = length === 0 && count <= SHARE
    return waiting + count > WAITING_LIMIT && !isSale ? `${waiting} operations wait already` : null
  }

  function add(author: string, items: T[]): void {
    const line = lines.get(author) ?? []
    line.push(...items)
    lines.set(author, line)
    waiting += items.length
  }

  function next(): T[] {
    const share = Math.max(1, Math.min(SHARE, Math.floor(GROUP_LIMIT / lines.size)))
    const group: T[] = []
    for (const most of [share, GROUP_LIMIT]) {
      for (const author of [...lines.keys()]) {
        const room = GROUP_LIMIT - group.length
        if (room === 0) return group
        group.push(...take(author, Math.min(most, room)))
      }
    }
    return group
  }

  /** Whose turn it was stands behind the others. */
  function take(author: string, most: number): T[] {
    const line = lines.get(author) ?? []
    const taken = line.splice(0, most)
    lines.delete(author)
    if (line.length > 0) lines.set(author, line)
    waiting -= taken.length
    return taken
  }

  return { obstacle, add, next, areEmpty: () => lines.size === 0, waiting: () => waiting }
}
