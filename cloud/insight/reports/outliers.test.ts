import { describe, expect, it } from 'vitest'
import { type Counted, outliersOf, type Shares, shareOf } from './outliers.ts'

const usual: Counted = { times: 20, of: 1000 }
const shares = (more: Partial<Shares>): Shares => ({
  ...{ redemption: usual, refunds: usual, notTaken: usual, typed: usual, duplicates: usual, parked: usual },
  ...more,
})

describe('a store among the others', () => {
  it('is like them where its shares are, more or less', () => {
    expect(outliersOf(shares({ refunds: { times: 22, of: 1000 } }), shares({}))).toEqual([])
  })

  it.each([
    [{ times: 80, of: 1000 }, 'more'],
    [{ times: 0, of: 1000 }, 'fewer'],
  ])('is marked where it has far more or far fewer', (typed) => {
    expect(outliersOf(shares({ typed }), shares({}))).toEqual(['typed'])
  })

  it('is not marked for one receipt, nor where there is nothing to compare', () => {
    expect(outliersOf(shares({ refunds: { times: 1, of: 10 } }), shares({}))).toEqual([])
    const none = { times: 0, of: 0 }
    expect(outliersOf(shares({ refunds: none }), shares({}))).toEqual([])
    expect(outliersOf(shares({}), shares({ refunds: none }))).toEqual([])
    expect(shareOf(none)).toBeNull()
  })
})
