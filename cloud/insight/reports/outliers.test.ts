import { describe, expect, it } from 'vitest'
import { type Counted, outliersOf, type Shares, shareOf } from './outliers.ts'

const usual: Counted = { times: 20, of: 1000 }
const shares = (more: Partial<Shares>): Shares => ({
  ...{ redemption: usual, refunds: usual, notTaken: usual, typed: usual, duplicates: usual, parked: usual },
  ...more,
})

describe('a store among the others', () => {
  const others = [shares({}), shares({})]
  const marksOf = (store: Shares, more = others) => outliersOf([store, ...more])

  it('is like them where its shares are, more or less', () => {
    expect(marksOf(shares({ refunds: { times: 22, of: 1000 } }))).toEqual([[], [], []])
  })

  it.each([
    [{ times: 80, of: 1000 }, 'more'],
    [{ times: 0, of: 1000 }, 'fewer'],
  ])('is marked where it has far more or far fewer, and they are not', (typed) => {
    expect(marksOf(shares({ typed }))).toEqual([['typed'], [], []])
  })

  it('is not marked for one receipt, nor where there is nothing to compare', () => {
    expect(marksOf(shares({ refunds: { times: 1, of: 10 } }))).toEqual([[], [], []])
    const none = { times: 0, of: 0 }
    const empty = shares({ refunds: none })
    expect(marksOf(empty)).toEqual([[], [], []])
    expect(marksOf(shares({}), [empty])).toEqual([[], []])
    expect(marksOf(shares({}), [])).toEqual([[]])
    expect(shareOf(none)).toBeNull()
  })
})
