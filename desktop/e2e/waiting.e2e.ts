import { expect } from '@playwright/test'
import { publishBook } from '../../cloud/ledger/books.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, startOfUtcDay } from '../../shared/time.ts'
import { barriers } from './barriers.ts'
import { test, typeCard } from './shop.ts'

// The book is of the whole chain.
test.use({ ownDatabase: 'waiting' })

const ACTIVATION_DAYS = 7

test.beforeEach(async ({ sql, cloud: _ }) => {
  const document = bookDocumentSchema.parse({ base: { activation_days: ACTIVATION_DAYS } })
  const now = Date.now()
  await sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document, validFrom: now, now, by: 'admin:anna', reason: 'a test' }),
  )
})

test('points that cannot be spent yet are in no balance, and are said apart with their day', async ({
  kiosk,
  shop,
}) => {
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
  await typeCard(kiosk, shop.card)
  // What the points in hand are after it, and after spending: without those that wait.
  await kiosk.getByRole('button', { name: /^Списать 200 .* останется 300/ }).waitFor()
  await kiosk.getByRole('button', { name: /^Начислить 40.* станет 500 баллов/ }).click()
  await expect.poll(() => shop.sql`select sum(remaining)::int as points from lots`).toEqual([{ points: 540 }])

  await shop.oneC.newReceipt({ purchaseKopecks: 200_000 })
  await typeCard(kiosk, shop.card)
  const from = startOfUtcDay(Date.now()) + ACTIVATION_DAYS * DAY
  const day = new Intl.DateTimeFormat('ru-RU', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    from,
  )
  await kiosk.getByText(`Ещё 40 баллов с ${day}`).waitFor()
  await expect(kiosk.locator('.customer-balance')).toHaveText('500')
  expect(await barriers(kiosk)).toEqual([])
  await kiosk.screenshot({ path: 'dist/e2e-screens/waiting.png' })
})
