/** What comes of an object that never changes, worked out once for as long as it lives. */
export function oncePer<K extends object, V>(workOut: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { value: V }>()
  return (of) => {
    const found = known.get(of)
    if (found) return found.value
    const value = workOut(of)
    known.set(of, { value })
    return value
  }
}
