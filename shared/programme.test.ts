import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultProgramme, lotExpiresAt, programmeSchema, returnedLotExpiresAt } from './programme.ts'
import { DAY, startOfUtcDay, toIso } from './time.ts'

const programme = (settings: object) => programmeSchema.parse(settings)

describe('the settings of the programme', () => {
  it('have the defaults of the contract', () => {
    expect(defaultProgramme).toEqual({
      cashback_basis_points: 400,
      max_discount_basis_points: 2000,
      lifetime_days: 45,
      min_purchase_kopecks: 1,
      max_purchase_kopecks: 100_000_000,
      welcome_bonus_points: 0,
      hold_seconds: 90,
      duplicate_window_seconds: 10,
      history_shown_days: 45,
      history_retention_days: 400,
      card_digits: 6,
      redeem_proof: 'none',
      offline_customers_days: 180,
      max_open_holds: 5,
    })
  })

  it('keep what is set and fill in the rest', () => {
    expect(programme({ lifetime_days: 30 })).toEqual({ ...defaultProgramme, lifetime_days: 30 })
  })

  it.each([6, 7, 9, 10, 11, 12])('allow cards of %i digits', (digits) => {
    expect(programme({ card_digits: digits }).card_digits).toBe(digits)
  })

  it('leave alone a rule that a newer version has added', () => {
    expect(programme({ cash_back: 400 })).toEqual(defaultProgramme)
  })

  it.each([
    ['a percentage with a fraction', { cashback_basis_points: 412.5 }],
    ['more than the whole', { max_discount_basis_points: 10_001 }],
    ['a negative percentage', { cashback_basis_points: -1 }],
    ['a number in a string', { lifetime_days: '45' }],
    ['a lifetime of no days', { lifetime_days: 0 }],
    ['cards of 8 digits, the QR form', { card_digits: 8 }],
    ['cards of 5 digits', { card_digits: 5 }],
    ['cards of 13 digits', { card_digits: 13 }],
    ['a welcome bonus above 10,000 points', { welcome_bonus_points: 10_001 }],
  ])('refuse %s', (_what, settings) => {
    expect(programmeSchema.safeParse(settings).success).toBe(false)
  })
})

describe('a lot is dead at 00:00 UTC of the 45th day after the day it was earned', () => {
  it.each([
    // earned, dead
    ['2025-12-06T23:59:59.999Z', '2026-01-20T00:00:00.000Z'],
    ['2025-12-07T00:00:00.000Z', '2026-01-21T00:00:00.000Z'],
    ['2025-12-07T12:34:56.789Z', '2026-01-21T00:00:00.000Z'],
    ['2025-12-07T23:59:59.999Z', '2026-01-21T00:00:00.000Z'],
    ['2025-12-08T00:00:00.000Z', '2026-01-22T00:00:00.000Z'],
    ['2024-01-15T10:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['2026-03-01T00:00:00.000Z', '2026-04-15T00:00:00.000Z'],
  ])('earned %s, dead %s', (earned, dead) => {
    expect(toIso(lotExpiresAt(Date.parse(earned), defaultProgramme))).toBe(dead)
  })

  it('whatever the time of the day', () => {
    const day = Date.parse('2025-12-07T00:00:00.000Z')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAY - 1 }), (time) => {
        expect(toIso(lotExpiresAt(day + time, defaultProgramme))).toBe('2026-01-21T00:00:00.000Z')
      }),
    )
  })

  it('or of another day when the programme says so', () => {
    const earned = Date.parse('2025-12-07T23:59:59.999Z')
    expect(toIso(lotExpiresAt(earned, programme({ lifetime_days: 1 })))).toBe('2025-12-08T00:00:00.000Z')
  })
})

describe('a lot that gets points back lives at least until the end of the next UTC day', () => {
  it.each([
    // what, its expiry, now, its new expiry
    ['dead for a month', '2025-11-07', '2025-12-07T12:00:00.000Z', '2025-12-09'],
    ['dead this very moment', '2025-12-07', '2025-12-07T00:00:00.000Z', '2025-12-09'],
    ['dying in a millisecond', '2025-12-08', '2025-12-07T23:59:59.999Z', '2025-12-09'],
    ['living to the end of the next day', '2025-12-09', '2025-12-07T12:00:00.000Z', '2025-12-09'],
    ['living a day longer', '2025-12-10', '2025-12-07T12:00:00.000Z', '2025-12-10'],
  ])('%s', (_what, expiry, now, renewed) => {
    expect(toIso(returnedLotExpiresAt(Date.parse(expiry), Date.parse(now)))).toBe(`${renewed}T00:00:00.000Z`)
  })
})

describe('a UTC day', () => {
  it.each([
    ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T00:00:00.000Z'],
    ['2026-03-29T02:30:00.000Z', '2026-03-29T00:00:00.000Z'],
  ])('of %s starts at %s', (at, start) => {
    expect(toIso(startOfUtcDay(Date.parse(at)))).toBe(start)
  })
})
