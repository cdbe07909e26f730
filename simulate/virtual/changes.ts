export type Changes = ReturnType<typeof createChanges>

/** The customers that each store has seen, and their changes since. */
export function createChanges() {
  const log: string[] = []
  const seen = new Map<number, Set<string>>()
  return {
    note(card: string, storeId: number | null): void {
      log.push(card)
      if (storeId === null) return
      const cards = seen.get(storeId) ?? new Set<string>()
      seen.set(storeId, cards.add(card))
    },
    /** Both cards have changed, and every store that knew the merged one knows the one that stays. */
    merge(given: string, kept: string): void {
      log.push(kept, given)
      for (const cards of seen.values()) if (cards.has(given)) cards.add(kept)
    },
    part: (cards: readonly string[]): void => void log.push(...cards),
    page(storeId: number, { since, limit }: { since: string | undefined; limit: number }) {
      const ofStore = seen.get(storeId) ?? new Set<string>()
      const at = since === undefined ? null : Number(since)
      if (at === null)
        return { cards: [...ofStore], cursor: String(log.length), more: false, begins: true as const }
      const next = Math.min(log.length, at + limit)
      const cards = [...new Set(log.slice(at, next))].filter((card) => ofStore.has(card))
      return { cards, cursor: String(next), more: next < log.length, begins: undefined }
    },
  }
}
