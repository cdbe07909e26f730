/** Counts what happened, by name. */
export function createCounter<Name extends string>() {
  const counts = new Map<Name, number>()
  const of = (name: Name): number => counts.get(name) ?? 0
  return {
    counts,
    of,
    add: (name: Name, count = 1): void => void counts.set(name, of(name) + count),
  }
}
