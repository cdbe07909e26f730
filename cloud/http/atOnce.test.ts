import { expect, test } from 'vitest'
import { createAtOnce } from './atOnce.ts'

/** Work that ends when it is told to, and says in which order it began. */
function createWork(share: ReturnType<typeof createAtOnce>) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  return {
    ask: (key: string, name: string, givenUp?: AbortSignal) =>
      share.within(
        key,
        async () => {
          begun.push(name)
          await new Promise<void>((resolve) => ends.set(name, resolve))
        },
        givenUp,
      ),
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

test('work that is given up while it waits is not begun, and its place is free', async () => {
  const { ask, end, hasBegun } = createWork(createAtOnce({ most: 1, waiting: 2 }))
  void ask('a', 'a1')
  const leaving = new AbortController()
  const left = ask('a', 'a2', leaving.signal)
  void ask('a', 'a3')
  leaving.abort()
  await expect(left).rejects.toMatchObject({ status: 429 })
  await expect(ask('a', 'a4', leaving.signal)).rejects.toMatchObject({ status: 429 })
  void ask('a', 'a5')
  end('a1')
  await hasBegun('a1', 'a3')
  end('a3')
  await hasBegun('a1', 'a3', 'a5')
})

test('work that is given up when its turn has come goes on, and gives its turn on once', async () => {
  const { ask, end, hasBegun } = createWork(createAtOnce({ most: 1, waiting: 3 }))
  void ask('a', 'a1')
  const leaving = new AbortController()
  const late = ask('a', 'a2', leaving.signal)
  for (const name of ['a3', 'a4']) void ask('a', name)
  await hasBegun('a1')
  end('a1')
  await hasBegun('a1', 'a2')
  leaving.abort()
  end('a2')
  await late
  await hasBegun('a1', 'a2', 'a3')
  end('a3')
  await hasBegun('a1', 'a2', 'a3', 'a4')
})
