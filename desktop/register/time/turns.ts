/** Runs pieces of work one after the other; one that fails does not stop the later ones. */
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
    /** Resolves when all work that was given up to now is done, or has failed. */
    done: (): Promise<void> => last,
  }
}
