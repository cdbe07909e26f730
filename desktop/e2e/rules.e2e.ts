import { expect } from '@playwright/test'
import { publishBook } from '../../cloud/ledger/books.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { barriers } from './barriers.ts'
import { test, typeCard } from './shop.ts'

// The book is of the whole chain.
test.use({ ownDatabase: 'rules' })

test.beforeEach(async ({ sql, cloud: _ }) => {
  const document = bookDocumentSchema.parse({
    base: { cashback_basis_points: 400 },
    rules: [
      { id: 'gift', title: 'Подарок', award: { type: 'points', points: 25 }, budget: 'gifts' },
      {
        ...{ id: 'tea', title: 'Чай', award: { type: 'percent', basis_points: 1000, of: 'matching_items' } },
        when: [{ type: 'items', categories: ['tea'] }],
      },
    ],
    budgets: [{ id: 'gifts', title: 'Подарки', limit_points: 30 }],
  })
  const now = Date.now()
  await sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document, validFrom: now, now, by: 'admin:anna', reason: 'a test' }),
  )
})

test('what a budget may not have any more is promised as "up to", and goods earn what their rule gives', async ({
  kiosk,
  shop,
}) => {
  const items = [
    { sku: 'tea-1', category: 'tea', quantity: 1, kopecks: 30_000 },
    { sku: 'cup', quantity: 1, kopecks: 70_000 },
  ]
  // 40 of the cashback, 30 for the tea, and 25 that only the cloud knows to be there.
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000, items })
  await typeCard(kiosk, shop.card)
  await kiosk.getByRole('button', { name: /^Начислить до 95/ }).waitFor()
  expect(await barriers(kiosk)).toEqual([])
  await kiosk.screenshot({ path: 'dist/e2e-screens/rules.png' })
  await kiosk.getByRole('button', { name: /^Начислить до 95/ }).click()
  await expect.poll(shop.balance).toBe(500 + 95)

  // The same goods again: the till promises as before, and of the budget there are five left.
  await shop.oneC.newReceipt({
    purchaseKopecks: 100_100,
    items: [...items, { sku: 'bag', quantity: 1, kopecks: 100 }],
  })
  await typeCard(kiosk, shop.card)
  await kiosk.getByRole('button', { name: /^Начислить до 95/ }).click()
  await expect.poll(shop.balance).toBe(595 + 75)

  // Without goods their rule gives nothing, and the budget is empty.
  await shop.oneC.newReceipt({ purchaseKopecks: 50_000 })
  await typeCard(kiosk, shop.card)
  await kiosk.getByRole('button', { name: /^Начислить до 45/ }).click()
  await expect.poll(shop.balance).toBe(670 + 20)
  expect(await shop.sql`select spent from budget_spending`).toEqual([{ spent: 30 }])
})
