import { expect, type Locator, type Page } from '@playwright/test'
import { scan } from './scan.ts'
import { test, title } from './shop.ts'

/** Ten kinds of sales with nothing but the keyboard, nothing but fingers, and all that is read read by a scanner. */

interface Hands {
  /** A customer shows their card. */
  card(card: string): Promise<void>
  /** The number of a receipt, where goods come back. */
  receipt(number: string): Promise<void>
  /** A sum, or points. */
  number(digits: string): Promise<void>
  /** Something that is over once it is done; `key` is what stands on it. */
  press(name: RegExp, key: string): Promise<void>
  /** Something that stays where it is. */
  choose(name: RegExp): Promise<void>
}

/** Slower than any scanner, whatever the machine. */
const BY_HAND = { delay: 220 }

const named = (kiosk: Page, name: RegExp) => kiosk.getByRole('button', { name }).first()

/** Again until its screen is over: an Enter so soon after a digit is habit, and a tap may fall between two others. */
async function untilGone(button: Locator, act: () => Promise<void>): Promise<void> {
  await button.waitFor()
  await expect(async () => {
    if ((await button.count()) > 0) await act()
    await expect(button).toHaveCount(0, { timeout: 2000 })
  }).toPass()
}

function keyboardOf(kiosk: Page): Hands {
  const number = (digits: string) => kiosk.keyboard.type(digits, BY_HAND)
  return {
    card: number,
    async receipt(digits) {
      await number(digits)
      await untilGone(named(kiosk, /^Найти/), () => kiosk.keyboard.press('Enter'))
    },
    number,
    press: (name, key) => untilGone(named(kiosk, name), () => kiosk.keyboard.press(key)),
    async choose(name) {
      const button = named(kiosk, name)
      await button.waitFor()
      await expect(async () => {
        await kiosk.keyboard.press('Tab')
        await expect(button).toBeFocused({ timeout: 1 })
      }).toPass({ intervals: [0] })
      await kiosk.keyboard.press('Enter')
    },
  }
}

function fingersOf(kiosk: Page): Hands {
  async function number(digits: string): Promise<void> {
    const keypad = kiosk.locator('.keypad').last()
    for (const digit of digits) await keypad.getByRole('button', { name: digit, exact: true }).tap()
  }
  return {
    card: number,
    async receipt(digits) {
      await number(digits)
      await untilGone(named(kiosk, /^Найти/), () => named(kiosk, /^Найти/).tap({ timeout: 2000 }))
    },
    number,
    press: (name) => untilGone(named(kiosk, name), () => named(kiosk, name).tap({ timeout: 2000 })),
    choose: (name) => named(kiosk, name).tap(),
  }
}

/** A scanner says who and what; that it is done is said by one tap, for no code says that. */
function scannerOf(kiosk: Page): Hands {
  return {
    ...fingersOf(kiosk),
    card: (card) => scan(kiosk, `99${card}`),
    receipt: (digits) => scan(kiosk, digits),
  }
}

test.use({
  setting: { points: 5000, behaviour: { kind: 'polite' }, isEnrolled: true },
  hasTouch: true,
  ownDatabase: 'hands',
})

const IDLE = 'Найти покупателя'

for (const [how, handsOf] of Object.entries({
  'the keyboard': keyboardOf,
  fingers: fingersOf,
  'a scanner, and a tap': scannerOf,
}))
  test.describe(`by ${how} alone`, () => {
    test('ten sales of ten kinds are done, and the ledger has each of them', async ({ kiosk, shop, sql }) => {
      // On a slow machine a second equal purchase must still be one that is asked about.
      await sql`
        update programmes set version = version + 1, settings = settings || '{"duplicate_window_seconds": 3600}'::jsonb`
      const hands = handsOf(kiosk)
      let expected = 5000
      const idle = () => expect(title(kiosk)).toHaveText(IDLE)
      const open = (rubles: number, receipt = '') =>
        shop.oneC.newReceipt({ purchaseKopecks: rubles * 100, ...(receipt && { receipt }) })
      /** The ledger has it, and the next customer comes. */
      async function isDone(change: number): Promise<void> {
        expected += change
        await expect.poll(shop.balance).toBe(expected)
        // It passes by itself, too.
        await expect(async () => {
          if ((await named(kiosk, /^Следующий/).count()) > 0) await hands.press(/^Следующий/, 'Enter')
          await expect(title(kiosk)).toHaveText(IDLE, { timeout: 2000 })
        }).toPass()
        await shop.oneC.clear()
      }

      await test.step('earns', async () => {
        await open(1000)
        await hands.card(shop.card)
        await hands.press(/^Начислить 40/, 'F2')
        await isDone(40)
      })
      await test.step('spends all that may be spent', async () => {
        await open(2000)
        await hands.card(shop.card)
        await hands.press(/^Списать 400 ₽/, 'F3')
        await isDone(-400 + 64)
      })
      await test.step('spends a round number', async () => {
        await open(3000, '000103')
        await hands.card(shop.card)
        await hands.choose(/^100$/)
        await hands.press(/^Списать 100 ₽/, 'F3')
        await isDone(-100 + 116)
      })
      await test.step('spends a number of its own', async () => {
        await open(4000)
        await hands.card(shop.card)
        await hands.choose(/^Своё…$/)
        await expect(kiosk.getByRole('dialog')).toBeVisible()
        await hands.number('77')
        await hands.press(/^Готово/, 'Enter')
        await hands.press(/^Списать 77 ₽/, 'F3')
        await isDone(-77 + 157)
      })
      await test.step('has its customer before its amount', async () => {
        await idle()
        await hands.card(shop.card)
        await expect(title(kiosk)).toHaveText('Сумма чека')
        await open(5000, '000105')
        await hands.press(/^Начислить 200/, 'F2')
        await isDone(200)
      })
      await test.step('has an amount that was typed', async () => {
        await idle()
        await hands.card(shop.card)
        await expect(title(kiosk)).toHaveText('Сумма чека')
        await hands.number('600')
        await hands.press(/^Дальше/, 'Enter')
        await hands.press(/^Начислить 24/, 'F2')
        await isDone(24)
      })
      await test.step('is a second one like another', async () => {
        await open(1000)
        await hands.card(shop.card)
        await hands.press(/^Начислить 40/, 'F2')
        await hands.press(/^Да, вторая покупка/, 'F2')
        await isDone(40)
      })
      await test.step('comes back', async () => {
        await idle()
        await hands.press(/^Возврат/, 'F4')
        await hands.receipt('000105')
        await hands.press(/^Вернуть/, 'Enter')
        await isDone(-200)
      })
      await test.step('comes back in part', async () => {
        await idle()
        await hands.press(/^Возврат/, 'F4')
        await hands.receipt('000103')
        await hands.choose(/^Часть суммы/)
        await hands.number('1450')
        await hands.press(/^Вернуть/, 'Enter')
        await isDone(50 - 58)
      })
      await test.step('is undone', async () => {
        await idle()
        await hands.choose(/^Последние операции/)
        await hands.choose(/^Отменить/)
        await hands.press(/^Да, отменить/, 'Enter')
        await isDone(-40)
      })
    })
  })
