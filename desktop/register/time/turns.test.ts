import { expect, it } from 'vitest'
import { createTurns } from './turns.ts'

it('works take their turns in the order they were given, and one that fails holds up none', async () => {
  const turns = createTurns()
  const seen: string[] = []
  const { promise: isFree, resolve: free } = Promise.withResolvers<void>()
  const first = turns.take(async () => {
    await isFree
    seen.push('first')
    throw new Error('the disk is full')
  })
  const second = turns.take(async () => void seen.push('second'))
  expect([turns.isBusy(), seen]).toEqual([true, []])
  free()
  await expect(first).rejects.toThrow('the disk is full')
  await second
  expect(seen).toEqual(['first', 'second'])
  await turns.done()
  expect(turns.isBusy()).toBe(false)
})
