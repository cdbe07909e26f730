type Choose = (count: number) => number

/**
 * A stage on which one actor at a time goes on, to its next step. Who goes on is chosen from outside, so that whatever
 * can happen in between does happen.
 */
export function createStage<Actor extends string>(choose: Choose) {
  const standing = new Map<Actor, { go: () => void; isIdle: boolean }>()
  let arrived = Promise.withResolvers<void>()

  function stop(actor: Actor, isIdle: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    standing.set(actor, { go: resolve, isIdle })
    arrived.resolve()
    return promise
  }

  return {
    /** Before each step of an actor. */
    step: (actor: Actor): Promise<void> => stop(actor, false),
    /** An actor that waits goes on when the others have: nothing has changed before. */
    idle: (actor: Actor): Promise<void> => stop(actor, true),

    async run(actors: Record<Actor, () => Promise<void>>): Promise<void> {
      const acting = new Set(Object.keys(actors) as Actor[])
      for (const actor of [...acting]) {
        void actors[actor]()
          .catch((error) => arrived.reject(error))
          .finally(() => {
            acting.delete(actor)
            arrived.resolve()
          })
      }
      for (;;) {
        while (standing.size < acting.size) {
          await arrived.promise
          arrived = Promise.withResolvers()
        }
        if (acting.size === 0) return
        const ready = [...standing].filter(([, { isIdle }]) => !isIdle || standing.size === 1)
        const next = ready[ready.length > 1 ? choose(ready.length) : 0]
        if (!next) throw new Error('everybody waits for somebody else')
        const [actor, { go }] = next
        for (const each of standing.values()) each.isIdle = false
        standing.delete(actor)
        go()
      }
    },
  }
}

/** Plays every order of choices once; answers how many there were. */
export async function everyOrder(play: (choose: Choose) => Promise<void>): Promise<number> {
  const path: { chosen: number; of: number }[] = []
  for (let orders = 1; ; orders += 1) {
    let depth = 0
    await play((of) => {
      const turn = path[depth] ?? { chosen: 0, of }
      path[depth] = turn
      depth += 1
      return turn.chosen
    })
    while (path.length > 0 && path.at(-1)?.chosen === (path.at(-1)?.of ?? 0) - 1) path.pop()
    const last = path.at(-1)
    if (!last) return orders
    last.chosen += 1
  }
}
