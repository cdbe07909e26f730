import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BESIDE_OTHERS, createLines, GROUP_LIMIT, GROUPS_UNTIL_ALONE, obstacleTo } from './lines.ts'

const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)

describe('a group', () => {
  it('has the sale of a register in it, whatever the others have waiting', () => {
    const lines = createLines<string>()
    for (const flood of ['a', 'b', 'c', 'd']) lines.add(flood, many(2000, flood))
    lines.add('shop', ['sale'])
    expect(lines.next()).toContain('sale')
  })

  it('has a share of every line, and no more where that is as much as a sale can wait for', () => {
    const lines = createLines<string>()
    for (const author of ['a', 'b', 'c']) lines.add(author, many(400, author))
    expect(sizesOf(lines.next())).toEqual({ a: 10, b: 10, c: 10 })
    lines.add('shop', ['shop'])
    expect(sizesOf(lines.next())).toEqual({ a: 10, b: 10, c: 10, shop: 1 })
  })

  it('has so many of one backlog after the other beside a sale, and no more', () => {
    const lines = createLines<string>()
    for (const author of ['a', 'b']) lines.add(author, many(12, author))
    lines.add('shop', ['shop'])
    expect(sizesOf(lines.next())).toEqual({ a: 12, b: 12, shop: 1 })
    lines.add('a', many(400, 'a'))
    lines.add('shop', ['shop'])
    expect(sizesOf(lines.next())).toEqual({ a: BESIDE_OTHERS - 1, shop: 1 })
  })

  it('is whole where one author is alone: from the beginning, or some groups after the latest sale of another', () => {
    const lines = createLines<string>()
    lines.add('night', many(2000, 'night'))
    expect(sizesOf(lines.next())).toEqual({ night: GROUP_LIMIT })
    lines.add('shop', ['shop'])
    expect(sizesOf(lines.next())).toEqual({ night: BESIDE_OTHERS - 1, shop: 1 })
    for (let group = 1; group <= GROUPS_UNTIL_ALONE; group += 1)
      expect(sizesOf(lines.next())).toEqual({ night: BESIDE_OTHERS })
    lines.add('night', many(1000, 'night'))
    expect(sizesOf(lines.next())).toEqual({ night: GROUP_LIMIT })
  })

  it('knows that others are about who come and go between two groups of a backlog', () => {
    const lines = createLines<string>()
    lines.add('shop', ['sale'])
    lines.next()
    lines.add('night', many(400, 'night'))
    expect(sizesOf(lines.next())).toEqual({ night: BESIDE_OTHERS })
  })
})

const sizesOf = (group: string[]) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(group, (author) => author)).map(([author, items = []]) => [
      author,
      items.length,
    ]),
  )

describe('what cannot wait', () => {
  it("is more than one author may have waiting, and it is in nobody else's way", () => {
    const lines = createLines<number>()
    lines.add('flood', many(1900, 0))
    expect(obstacleTo(100, lines.counts('flood'))).toBeNull()
    expect(obstacleTo(101, lines.counts('flood'))).toBe('1900 operations of this sender wait already')
    expect(obstacleTo(500, lines.counts('shop'))).toBeNull()
  })

  it('is more than all may have waiting, but the sale of a register that waits for nothing', () => {
    const lines = createLines<number>()
    for (let author = 0; author < 10; author += 1) lines.add(`flood ${author}`, many(2000, 0))
    expect(obstacleTo(200, lines.counts('drain'))).toBe('20000 operations wait already')
    expect(obstacleTo(1, lines.counts('shop'))).toBeNull()
    lines.add('shop', [1])
    expect(obstacleTo(1, lines.counts('shop'))).toBe('20001 operations wait already')
    lines.next()
    expect(obstacleTo(1, lines.counts('shop'))).toBeNull()
  })
})

interface Item {
  author: number
  index: number
  /** When it must be in a group at the latest, counted in groups. */
  dueBy: number
}

const batch = fc.record({
  author: fc.oneof(fc.nat(4), fc.nat(60), fc.nat(1300)),
  size: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 500 }) },
  ),
})
const arrivals = fc.array(fc.array(batch, { maxLength: 400 }), { minLength: 1, maxLength: 12 })

it('whatever arrives when, everything goes once, in the order of its author, and nobody waits longer than is fair', () => {
  fc.assert(
    fc.property(arrivals, (arrivals) => {
      // However many authors there are at some time, each has its turn in so many groups, and then this share.
      const authors = new Set(arrivals.flat().map(({ author }) => author)).size
      const share = Math.max(1, Math.min(10, Math.floor(GROUP_LIMIT / authors)))
      const round = Math.ceil(authors / GROUP_LIMIT)
      const lines = createLines<Item>()
      const added = new Map<number, number>()
      const taken = new Map<number, number>()
      let groups = 0
      let waiting = 0

      function draw() {
        const group = lines.next()
        groups += 1
        expect(group.length).toBeGreaterThanOrEqual(Math.min(waiting, BESIDE_OTHERS))
        expect(group.length).toBeLessThanOrEqual(GROUP_LIMIT)
        waiting -= group.length
        for (const { author, index, dueBy } of group) {
          expect(index).toBe(taken.get(author) ?? 0)
          expect(groups).toBeLessThanOrEqual(dueBy)
          taken.set(author, index + 1)
        }
      }

      for (const batches of arrivals) {
        for (const { author, size } of batches) {
          const first = added.get(author) ?? 0
          const items = Array.from({ length: size }, (_, place): Item => {
            const ahead = first + place - (taken.get(author) ?? 0)
            return { author, index: first + place, dueBy: groups + round * (Math.floor(ahead / share) + 1) }
          })
          lines.add(String(author), items)
          added.set(author, first + size)
          waiting += size
        }
        draw()
      }
      while (!lines.areEmpty()) draw()
      expect(taken).toEqual(added)
    }),
    { numRuns: 60 },
  )
})
