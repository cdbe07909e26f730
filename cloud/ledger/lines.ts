export const GROUP_LIMIT = 500
/** What one author may have waiting: ten full batches of a register, more than an honest one ever has. */
const LINE_LIMIT = 2_000
const WAITING_LIMIT = 20_000
/** So many operations of each author go before the backlog of any other: a sale is one or two. */
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

/** Why so many more operations of this author cannot wait. A sale of an author who has nothing waiting always can. */
export function obstacleTo(more: number, { ofAuthor, ofAll }: Counts): string | null {
  if (ofAuthor + more > LINE_LIMIT) return `${ofAuthor} operations of this sender wait already`
  const isSale = ofAuthor === 0 && more <= SHARE
  return ofAll + more > WAITING_LIMIT && !isSale ? `${ofAll} operations wait already` : null
}

/**
 * The operations that wait for the next group, in a line for each author, so that a register with a backlog does not
 * delay the others. A group takes a share from every line first; the room that is left goes to the backlogs, one after
 * the other. There is much of it only for an author who is alone.
 */
export function createLines<T>() {
  /** By author, in the order of their turns. */
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

  /** Whether the latest groups had operations of one author only, the one of the next group. */
  function isAlone(): boolean {
    const [author, other] = lines.keys()
    groupsAlone = other === undefined && (latest ?? author) === author ? groupsAlone + 1 : 0
    latest = author
    return groupsAlone > GROUPS_UNTIL_ALONE
  }

  /** Takes from the line of an author, who then stands behind the others. */
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
