/** Works that must not overlap, one after the other; one that failed keeps none of the later from its turn. */
export function createTurns() {
  let last: Promise<void> = Promise.resolve()
  let open = 0

  return {
    take(work: () => Promise<void>): Promise<void> {
      const mine = last.then(work)
      open += 1
      last = mine
        .catch(() => {})
        .then(() => {
          open -= 1
        })
      return mine
    },
    isBusy: () => open > 0,
    /** Resolves when all that was given up to now is done, or has failed. */
    done: (): Promise<void> => last,
  }
}
