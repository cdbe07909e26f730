import { expect, type Page } from '@playwright/test'
import { openCodes } from '../../cloud/access/people/codes.ts'
import { formatCard } from '../../shared/numbers.ts'
import { barriers } from './barriers.ts'
import { outOfReach, sizes } from './reach.ts'
import { scan } from './scan.ts'
import { addCustomer, test as base, beSeen, title, typeCard } from './shop.ts'

interface Cards {
  /** The shop's customer has this one in the phone. */
  phone: string
  /** An older one, with 60 points. */
  plastic: string
  /** What the phone shows now. */
  code(): string
}

const test = base.extend<{ cards: Cards }>({
  cards: [
    async ({ sql, shop }, use) => {
      const plastic = await addCustomer(sql, { points: 60 })
      await beSeen(sql, plastic, shop.storeName)
      await sql`
        insert into people (telegram_id, customer_id, language)
        select -id, id, 'ru' from customers where card = ${shop.card}`
      const codes = await openCodes(sql)
      await use({
        phone: shop.card,
        plastic,
        code: () => codes.sign({ card: shop.card, now: Date.now() }).code,
      })
    },
    // Before the till begins, so that its first copy has both.
    { auto: true },
  ],
})

const yes = (kiosk: Page) => kiosk.getByRole('button', { name: 'Да, объединить' })
const replaced = (kiosk: Page) => kiosk.getByText(/^Карта .* заменена: баллы и покупки теперь на карте/)
const balance = (kiosk: Page) => kiosk.locator('.customer-balance')
/** Spaces between digits are for the eye. */
const shownCard = (kiosk: Page) =>
  kiosk
    .locator('.customer')
    .evaluate((card) =>
      /\d[\d\s]+\d/.exec(card.querySelector('.label')?.textContent ?? '')?.[0].replaceAll(/\s/g, ''),
    )

async function shows(kiosk: Page, card: string, points: string): Promise<void> {
  await expect(balance(kiosk)).toHaveText(points)
  expect(await shownCard(kiosk)).toBe(card)
}

test('plastic and then the phone: asked once, merged by a tap, and the old number is still found', async ({
  kiosk,
  shop,
  cards,
}) => {
  await typeCard(kiosk, cards.plastic)
  await shows(kiosk, cards.plastic, '60')
  await scan(kiosk, cards.code())
  await expect(kiosk.getByText('Это один человек?')).toBeVisible()
  for (const [name, size] of Object.entries(sizes)) {
    await kiosk.setViewportSize(size)
    expect.soft(await outOfReach(kiosk), `the question at ${name}`).toEqual([])
  }
  await kiosk.setViewportSize(sizes['1260x1000'])
  expect(await barriers(kiosk)).toEqual([])
  // From habit: nothing is merged by it.
  await kiosk.keyboard.press('Enter')
  await shows(kiosk, cards.phone, '500')
  await yes(kiosk).click()
  await expect(kiosk.getByText(/^Карты объединены/)).toBeVisible()
  await shows(kiosk, cards.phone, '560')
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
  await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
  await expect.poll(shop.balance).toBe(600)
  await kiosk.keyboard.press('Escape')
  await expect(title(kiosk)).toHaveText('Найти покупателя')
  await typeCard(kiosk, cards.plastic)
  await shows(kiosk, cards.phone, '600')
  await expect(replaced(kiosk)).toContainText(formatCard(cards.plastic))
  expect(await barriers(kiosk)).toEqual([])
  // The card that goes on says nothing of the old one.
  await scan(kiosk, cards.phone)
  await shows(kiosk, cards.phone, '600')
  await expect(replaced(kiosk)).toHaveCount(0)
})

test('the phone and then plastic, by scanner and keyboard alone', async ({ kiosk, cards }) => {
  await scan(kiosk, cards.code())
  await shows(kiosk, cards.phone, '500')
  await scan(kiosk, `99${cards.plastic}`)
  await shows(kiosk, cards.plastic, '60')
  // An Enter so soon after a code is still the scanner's: who sees that nothing happened presses it again.
  await expect(async () => {
    await yes(kiosk).focus({ timeout: 1000 })
    await kiosk.keyboard.press('Enter')
    await expect(yes(kiosk)).toHaveCount(0, { timeout: 1000 })
  }).toPass()
  await expect(kiosk.getByText(/^Карты объединены/)).toBeVisible()
  await shows(kiosk, cards.phone, '560')
})

test('two people are two, and nobody asks again', async ({ kiosk, cards, sql }) => {
  await scan(kiosk, cards.plastic)
  await shows(kiosk, cards.plastic, '60')
  await scan(kiosk, cards.code())
  await kiosk.getByRole('button', { name: 'Нет', exact: true }).click()
  await expect(kiosk.getByText('Это один человек?')).toHaveCount(0)
  await scan(kiosk, cards.plastic)
  await shows(kiosk, cards.plastic, '60')
  await scan(kiosk, cards.code())
  await shows(kiosk, cards.phone, '500')
  await expect(kiosk.getByText('Это один человек?')).toHaveCount(0)
  expect(await sql`select from customers where card = ${cards.plastic} and merged_into is not null`).toEqual(
    [],
  )
})

test('points that are held keep two cards two, and the screen says why', async ({ kiosk, cards, sql }) => {
  await sql`
    insert into holds (programme_id, customer_id, id, store_id, register_id, state, points, purchase_kopecks, until, voucher_kopecks, parts)
    select programme_id, id, gen_random_uuid(), (select min(id) from stores), 1, 'processing', 5, 10000, now(), 0, '[]'
    from customers where card = ${cards.plastic}`
  await scan(kiosk, cards.plastic)
  await shows(kiosk, cards.plastic, '60')
  await scan(kiosk, cards.code())
  await yes(kiosk).click()
  await expect(kiosk.getByText(/^По карте ещё не закончено списание/)).toBeVisible()
  await sql`delete from holds where customer_id = (select id from customers where card = ${cards.plastic})`
})

test('without a network it waits with the sales around it, and the other till is right afterwards', async ({
  kiosk,
  shop,
  cloud,
  cards,
  sql,
}) => {
  await shop.copied()
  await shop.copied(cards.plastic)
  await cloud.goAway()
  const code = cards.code()
  await scan(kiosk, cards.plastic)
  await shows(kiosk, cards.plastic, '60')
  await scan(kiosk, code)
  await yes(kiosk).click()
  await expect(kiosk.getByText('Объединим карты, когда появится связь')).toBeVisible()
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
  await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
  await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
  await kiosk.keyboard.press('Escape')
  // The old number is sold to once more before anybody has heard of it.
  await shop.oneC.newReceipt({ purchaseKopecks: 50_000 })
  await scan(kiosk, cards.plastic)
  await kiosk.getByRole('button', { name: /^Начислить 20/ }).click()
  await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
  await kiosk.keyboard.press('Escape')
  await cloud.comeBack()
  await expect.poll(shop.balance).toBe(620)
  expect(
    await sql`select kept.card from customers given join customers kept on kept.id = given.merged_into where given.card = ${cards.plastic}`,
  ).toEqual([{ card: cards.phone }])
  // A till that begins again asks for what has changed at once.
  await shop.restart()
  await shop.knowsMerged(cards.plastic)
  await cloud.goAway()
  await kiosk.goto(shop.kioskUrl())
  await expect(title(kiosk)).toHaveText('Найти покупателя')
  await scan(kiosk, cards.plastic)
  await shows(kiosk, cards.phone, '620')
  await expect(replaced(kiosk)).toContainText(formatCard(cards.plastic))
  await cloud.comeBack()
})
