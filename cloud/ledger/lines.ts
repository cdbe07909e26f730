export const GROUP_LIMIT = 500
/** What one author may have waiting: ten full batches of a register, more than an honest one ever has. */
const LINE_LIMIT = 2_000
const WAITING_LIMIT = 20_000
/** So many operations of every author go before anybody's backlog: a sale is one or two. */
const SHARE = 10
/**
 * A backlog fills a group so far and not to its limit: a sale waits for the group that runs and for its own, and 500
 * operations take a tenth of a second.
 */
export const BESIDE_OTHERS = 25
/** After so many groups of one author, half a second of them, there are no others: what follows may be whole groups. */
export const GROUPS_UNTIL_ALONE = 50

/** How many operations wait. */
export interface Counts {
  ofAuthor: number
  ofAll: number
}

/** Why so many more of this author cannot wait; a sale of somebody who has nothing waiting always can. */
export function obstacleTo(more: number, { ofAuthor, ofAll }: Counts): string | null {
  if (ofAuthor + more > LINE_LIMIT) return `${ofAuthor} operations of this sender wait already`
  const isSale = ofAuthor === 0 && more <= SHARE
  return ofAll + more > WAITING_LIMIT && !isSale ? `${ofAll} operations wait already` : null
}

/**
 * Who waits for the next group: a line for each author, so that a register with a backlog is in nobody's way. A group
 * takes a share from every line first, and what is then left of it belongs to the backlogs, one after the other. There
 * is much left only for an author who is alone.
 */
export function createLines<T>() {
  /** Whose turn comes first stands first. */
  const lines = new Map<string, T[]>()
  let waiting = 0
  let latest: string | undefined
  let groupsAlone = GROUPS_UNTIL_ALONE

  const counts = (author: string): Counts => ({ ofAuthor: lines.get(author)?.length ?? 0, ofAll: waiting })

  function add(author: string, items: T[]): void {
    const line = lines.get(author) ?? []
    line.push(...items)
    lines.set(author, line)
    waiting += items.length
  }

  function next(): T[] {
    const share = Math.max(1, Math.min(SHARE, Math.floor(GROUP_LIMIT / lines.size)))
    const limit = isAlone() ? GROUP_LIMIT : BESIDE_OTHERS
    const group: T[] = []
    function fill(upTo: number, most: number): void {
      for (const author of [...lines.keys()]) {
        const room = upTo - group.length
        if (room <= 0) return
        group.push(...take(author, Math.min(most, room)))
      }
    }
    fill(GROUP_LIMIT, share)
    fill(limit, limit)
    return group
  }

  /** Whether nobody but the author of the next group has had a part in the latest ones. */
  function isAlone(): boolean {
    const [author, other] = lines.keys()
    groupsAlone = other === undefined && (latest ?? author) === author ? groupsAlone + 1 : 0
    latest = author
    return groupsAlone > GROUPS_UNTIL_ALONE
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

  return { counts, add, next, areEmpty: () => lines.size === 0, waiting: () => waiting }
}
