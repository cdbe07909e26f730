import { expect } from '@playwright/test'
import { publishBook } from '../../cloud/ledger/books.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { barriers } from './barriers.ts'
import { test, typeCard } from './shop.ts'

// The book is of the whole chain.
test.use({ ownDatabase: 'status' })

const status = (name: string, title: string, from: number, cashback_basis_points: number) => ({
  ...{ name, title, colour: '#8f9aa3', from, cashback_basis_points },
})

test.beforeEach(async ({ sql, cloud: _ }) => {
  const document = bookDocumentSchema.parse({
    statuses: [
      status('bronze', 'Бронза', 0, 500),
      status('silver', 'Серебро', 100_000, 1000),
      status('gold', 'Золото', 200_000, 1500),
    ],
  })
  const now = Date.now()
  await sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document, validFrom: now, now, by: 'admin:anna', reason: 'a test' }),
  )
})

test('the cashier sees the status, how far the next one is, and that this purchase reaches it', async ({
  kiosk,
  shop,
}) => {
  await shop.oneC.newReceipt({ purchaseKopecks: 66_000 })
  await typeCard(kiosk, shop.card)
  await expect(kiosk.getByText(/Бронза · ещё 1\s000\s₽ до Серебра/)).toBeVisible()
  await kiosk.getByRole('button', { name: /^Начислить 33/ }).click()
  await expect.poll(shop.balance).toBe(533)

  await shop.oneC.newReceipt({ purchaseKopecks: 34_000 })
  await typeCard(kiosk, shop.card)
  await expect(kiosk.getByText('Бронза · с этой покупкой — Серебро')).toBeVisible()
  expect(await barriers(kiosk)).toEqual([])
  await kiosk.getByRole('button', { name: /^Начислить 17/ }).click()
  await expect.poll(shop.balance).toBe(550)

  // The cloud raises within seconds of the purchase.
  await expect
    .poll(
      () => shop.sql`
        select after from status_snapshots join customers on customers.id = customer_id where card = ${shop.card}`,
    )
    .toEqual([{ after: 'silver' }])
  await shop.oneC.newReceipt({ purchaseKopecks: 10_000 })
  await typeCard(kiosk, shop.card)
  await expect(kiosk.getByText(/Серебро · ещё 1\s000\s₽ до Золота/)).toBeVisible()
  await kiosk.screenshot({ path: 'dist/e2e-screens/status.png' })
  await kiosk.getByRole('button', { name: /^Начислить 10/ }).click()
  await expect.poll(shop.balance).toBe(560)
})
