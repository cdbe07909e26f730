import type { Evidence } from './evidence.ts'
import type { Finding } from './invariants.ts'

/** Two merged customers are separate again, with the points that they had together before and after it. */
export interface Parting {
  card: string
  from: string
  before: number
  after: number
}

/**
 * The oracle of merges: the customer for whom each card stands, from day to day, by the merges in the journals of the
 * tills and by those that staff undid. It does not use the product's merging.
 */
export function createTies(phones: ReadonlySet<string>) {
  const into = new Map<string, string>()
  let partings = 0
  let wrong: string[] = []

  function rootOf(card: string): string {
    const next = into.get(card)
    return next === undefined ? card : rootOf(next)
  }

  /** Ties two cards; the one in a phone stays. */
  function tie(one: string, other: string): void {
    if (one === other) return
    const [kept, given] = phones.has(other) && !phones.has(one) ? [other, one] : [one, other]
    into.set(given, kept)
  }

  function follow({ tills, operations }: Evidence): void {
    const turns = new Map(operations.map(({ id, turn }) => [id, turn]))
    const merges = tills
      .flatMap(({ journal }) => journal)
      .filter(({ kind, state }) => kind === 'merge' && state === 'accepted')
      .sort((one, next) => (turns.get(one.id) ?? 0) - (turns.get(next.id) ?? 0))
    for (const { card, otherCard } of merges) tie(rootOf(card ?? ''), rootOf(otherCard ?? ''))
  }

  return {
    part({ card, from, before, after }: Parting): void {
      partings += 1
      if (rootOf(card) !== from) wrong.push(`${card} was parted from ${from}, and stood for ${rootOf(card)}`)
      if (before !== after) wrong.push(`${card} and ${from} had ${before}, and have ${after} as two`)
      into.delete(card)
    },

    /** The violations in the evening. */
    check(evidence: Evidence): Finding[] {
      follow(evidence)
      const stood = [...evidence.mergedInto].flatMap(([card, root]) =>
        root === rootOf(card) ? [] : [`${card} stands for ${root}, not for ${rootOf(card)}`],
      )
      const found = [
        {
          what: 'a card stands for whom it was merged into, until staff part the two',
          ...{ count: into.size, violations: stood },
        },
        { what: 'who is parted is given what another one loses', count: partings, violations: wrong },
      ]
      partings = 0
      wrong = []
      return found
    },
  }
}
