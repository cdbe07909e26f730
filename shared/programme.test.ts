import { describe, expect, it } from 'vitest'
import { defaultProgramme, programmeSchema } from './programme.ts'
import { startOfUtcDay, toIso } from './time.ts'

const programme = (settings: object) => programmeSchema.parse(settings)

describe('the settings of the programme', () => {
  it('have the defaults of the contract', () => {
    expect(defaultProgramme).toEqual({
      cashback_basis_points: 400,
      max_discount_basis_points: 2000,
      lifetime_days: 45,
      activation_days: 0,
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
      typed_limit_kopecks: 3_000_000,
      return_days: 14,
      returns_of: 'store',
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

describe('a UTC day', () => {
  it.each([
    ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T00:00:00.000Z'],
    ['2026-03-29T02:30:00.000Z', '2026-03-29T00:00:00.000Z'],
  ])('of %s starts at %s', (at, start) => {
    expect(toIso(startOfUtcDay(Date.parse(at)))).toBe(start)
  })
})
