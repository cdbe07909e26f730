import { expect, test } from 'vitest'
import { createAtOnce } from './atOnce.ts'

/** Work that ends when it is told to, and says in which order it began. */
function createWork(share: ReturnType<typeof createAtOnce>) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  return {
    ask: (key: string, name: string) =>
      share.within(key, async () => {
        begun.push(name)
        await new Promise<void>((resolve) => ends.set(name, resolve))
      }),
    end: (name: string) => ends.get(name)?.(),
    async hasBegun(...names: string[]) {
      await new Promise(setImmediate)
      expect(begun).toEqual(names)
    },
  }
}

test('what is more than the share of a sender waits for its turn, in its order, and others do not', async () => {
  const { ask, end, hasBegun } = createWork(createAtOnce({ most: 2, waiting: 2 }))
  for (const name of ['a1', 'a2', 'a3', 'a4']) void ask('a', name)
  void ask('b', 'b1')
  await hasBegun('a1', 'a2', 'b1')
  await expect(ask('a', 'a5')).rejects.toMatchObject({ status: 429, retryAfterSeconds: 1 })
  end('a2')
  await hasBegun('a1', 'a2', 'b1', 'a3')
  end('a1')
  end('a3')
  await hasBegun('a1', 'a2', 'b1', 'a3', 'a4')
})

test('without a place to wait in, the next is told to come again, and may as soon as one has ended', async () => {
  const { ask, end, hasBegun } = createWork(createAtOnce({ most: 1 }))
  const first = ask('a', 'a1')
  await expect(ask('a', 'a2')).rejects.toMatchObject({ status: 429 })
  end('a1')
  await first
  void ask('a', 'a3')
  await hasBegun('a1', 'a3')
})

test('work that fails gives its turn on', async () => {
  const share = createAtOnce({ most: 1, waiting: 1 })
  const failing = share.within('a', () => Promise.reject(new Error('no')))
  const next = share.within('a', async () => 'done')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('done')
})
