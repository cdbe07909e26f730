import { expect, it } from 'vitest'
import { readPatiently } from './patience.ts'

const ignore = () => {}

it('reads once for all who ask within a few seconds', async () => {
  let reads = 0
  const ask = readPatiently({ read: async () => ++reads, onFailure: ignore })
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1])
  expect(await ask()).toBe(1)
  expect(reads).toBe(1)
})

it('reads anew when what it has is old', async () => {
  let reads = 0
  const ask = readPatiently({ read: async () => ++reads, onFailure: ignore, keptMs: 0 })
  expect([await ask(), await ask()]).toEqual([1, 2])
})

it('has no answer where the reading fails, tells why, and tries again', async () => {
  const failures: string[] = []
  const answers = [Promise.reject(new Error('away')), Promise.resolve('back')]
  const read = () => answers.shift() ?? Promise.reject(new Error('asked too often'))
  const ask = readPatiently({ read, onFailure: ({ message }) => failures.push(message) })
  expect([await ask(), await ask()]).toEqual([null, 'back'])
  expect(failures).toEqual(['away'])
})

it('does not wait for a reading that hangs, nor begins another beside it', async () => {
  const slow = Promise.withResolvers<string>()
  let reads = 0
  const read = () => {
    reads += 1
    return slow.promise
  }
  const ask = readPatiently({ read, onFailure: ignore, answerWithinMs: 1 })
  expect([await ask(), await ask()]).toEqual([null, null])
  expect(reads).toBe(1)
  slow.resolve('at last')
  await slow.promise
  expect(await ask()).toBe('at last')
  expect(reads).toBe(1)
})
