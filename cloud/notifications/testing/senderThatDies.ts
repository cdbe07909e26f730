import type { Sql } from '../../database/connect.ts'
import type { Send } from '../telegram.ts'

/**
 * A process that dies before or after its n-th effect on the world: a question to the database or a message to
 * Telegram. What it does afterwards never happens, and it never hears an answer.
 */
export function senderThatDies(dieAt: { effect: number; moment: 'before' | 'after' }) {
  const { promise: dead, resolve: tellDeath } = Promise.withResolvers<void>()
  const never = new Promise<never>(() => {})
  const underWay = new Set<Promise<unknown>>()
  let effects = 0
  let isDead = false

  function die(): void {
    isDead = true
    // What the database was asked before is done, though nobody is left to hear of it.
    void Promise.allSettled(underWay).then(() => tellDeath())
  }

  async function perform<T>(work: () => PromiseLike<T>): Promise<T> {
    if (isDead) return await never
    effects += 1
    const isLast = effects === dieAt.effect
    if (isLast && dieAt.moment === 'before') {
      die()
      return await never
    }
    const working = Promise.resolve(work())
    underWay.add(working)
    const result = await working
    underWay.delete(working)
    if (isLast) die()
    return isDead ? await never : result
  }
  /** A query of postgres.js does nothing until it is waited for, so a fragment is no effect. */
  function mortalQuery(query: object): object {
    if (!('then' in query)) return query
    const work = query as PromiseLike<unknown>
    return new Proxy(query, {
      get(target, key) {
        if (key !== 'then') return Reflect.get(target, key)
        return (...heard: Parameters<typeof work.then>) => perform(() => work).then(...heard)
      },
    })
  }
  function mortalSql(sql: Sql): Sql {
    return new Proxy(sql, {
      apply: (target, self, args) => mortalQuery(Reflect.apply(target as never, self, args)),
      get(target, key) {
        const value = Reflect.get(target, key)
        return key === 'begin' ? (work: unknown) => perform(() => value.call(target, work)) : value
      },
    })
  }
  const mortalSend =
    (send: Send): Send =>
    (message) =>
      perform(() => send(message))
  return { dead, mortalSql, mortalSend }
}
