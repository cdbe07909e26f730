import { expect, it } from 'vitest'
import { createLongLists } from './longLists.ts'

/** As slow as the worst operation. */
function slowly<T>(value: T): T {
  const until = performance.now() + 1
  while (performance.now() < until);
  return value
}
const goOn = () => {}
const listOf = (length: number, what: string) => Array.from({ length }, (_, index) => `${what}${index}`)

it('a short list is gone through at once', async () => {
  const mapInSlices = createLongLists()
  const results = mapInSlices([1, 2, 3], (number) => number * 2, goOn)
  expect(await Promise.race([results, new Promise(setImmediate)])).toEqual([2, 4, 6])
})

it('between two slices of long lists others have their turn, however many lists there are', async () => {
  const mapInSlices = createLongLists()
  let doneSince = 0
  let most = 0
  const lists = Array.from({ length: 8 }, (_, list) => listOf(20, `${list}-`))
  const begun = lists.map((list) =>
    mapInSlices(
      list,
      (item) => {
        doneSince += 1
        return slowly(item)
      },
      goOn,
    ),
  )
  let isDone = false
  const results = Promise.all(begun).finally(() => {
    isDone = true
  })
  // The first slices of all of them came together.
  doneSince = 0
  while (!isDone) {
    await new Promise(setImmediate)
    most = Math.max(most, doneSince)
    doneSince = 0
  }
  expect(await results).toEqual(lists)
  expect(most).toBeLessThanOrEqual(4)
})

it('the rest of a list is not gone through when its sender may not have it any more', async () => {
  const mapInSlices = createLongLists()
  const seen: string[] = []
  let mayGoOn = true
  const map = (item: string) => {
    seen.push(item)
    return slowly(item)
  }
  const check = () => {
    if (!mayGoOn) throw new Error('it owes too much')
  }
  const first = mapInSlices(listOf(10, 'first '), map, check)
  const second = mapInSlices(listOf(10, 'second '), map, check)
  const third = mapInSlices(listOf(10, 'third '), map, goOn)
  await new Promise(setImmediate)
  mayGoOn = false
  expect(await first).toHaveLength(10)
  await expect(second).rejects.toThrow('it owes too much')
  expect(await third).toHaveLength(10)
  expect(seen.filter((item) => item.startsWith('second')).length).toBeLessThan(5)
})
