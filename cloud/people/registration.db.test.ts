import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runAudit } from '../ledger/audit.ts'
import { admin, noon } from '../ledger/testing/makers.ts'
import { type NewCustomer, registerWithin } from './registration.ts'

describe('the registration of a customer', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(() => database.drop())

  const anna = { programmeId: 1, firstName: 'Анна', author: admin, now: noon }
  const register = (customer: NewCustomer = anna, draw?: () => string) =>
    database.sql.begin((sql) => registerWithin(sql, customer, draw))
  const drawing = (...cards: string[]) => {
    const left = [...cards]
    return () => left.shift() ?? '000000'
  }

  it('draws cards that nobody has', async () => {
    const many = await Promise.all(Array.from({ length: 50 }, () => register(anna)))
    const cards = many.map((one) => (one.status === 'registered' ? one.card : null))
    expect(new Set(cards).size).toBe(50)
    expect(cards.every((card) => card?.length === 6)).toBe(true)
  })

  it('draws again while the card is taken, and gives up when nearly all are', async () => {
    const { sql } = database
    await register({ ...anna, card: '000000' })
    const lucky = await register(anna, drawing('000000', '000000', '000007'))
    expect(lucky).toMatchObject({ status: 'registered', card: '000007' })
    expect(await register(anna, drawing())).toEqual({ status: 'no_free_card', digits: 6 })
    expect(await sql`select card from customers order by card`).toEqual([
      { card: '000000' },
      { card: '000007' },
    ])
  })

  it('tells when the chosen card is taken, and by one only of several at the same moment', async () => {
    const chosen = { ...anna, card: '123456' }
    const answers = await Promise.all([1, 2, 3].map(() => register(chosen)))
    expect(answers.map(({ status }) => status).sort()).toEqual(['card_taken', 'card_taken', 'registered'])
  })

  it('gives the welcome bonus once, together with the card', async () => {
    const { sql } = database
    await sql`update programmes set settings = '{"welcome_bonus_points": 50}'`
    const registered = await register({ ...anna, card: '123456' })
    expect(registered).toMatchObject({
      status: 'registered',
      customerId: 1,
      card: '123456',
      welcomeBonus: 50,
    })
    expect(await sql`select id, points, author from operations`).toEqual([
      {
        id: expect.any(String),
        points: 50,
        author: 'system:welcome',
      },
    ])
    expect(await runAudit(sql)).toEqual([])
  })
})
