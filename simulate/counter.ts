/** Counts what happened, by name. */
export function createCounter<Name extends string>() {
  const counts: Partial<Record<Name, number>> = {}
  return {
    counts,
    add(name: Name): void {
      counts[name] = (counts[name] ?? 0) + 1
    },
  }
}
