import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runAudit } from '../../../cloud/ledger/audit.ts'
import { publishBook } from '../../../cloud/ledger/books.ts'
import { bookDocumentSchema } from '../../../shared/rules/book.ts'
import type { Register } from '../register.ts'
import { openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

const purchaseKopecks = 100_000
const tea = { sku: '0042', name: 'Чай', category: 'Чай', quantity: 0.25, kopecks: 60_000 }
const cup = { sku: '7', quantity: 2, kopecks: 40_000 }

let cloud: Awaited<ReturnType<typeof openTestCloud>>
let shop: TestShop
let register: Register
beforeEach(async () => {
  cloud = await openTestCloud()
  const rule = (id: string, rest: object) => ({ id, title: id, ...rest })
  const document = bookDocumentSchema.parse({
    rules: [
      rule('Чайная', {
        ...{ id: 'tea', when: [{ type: 'items', categories: ['Чай'] }] },
        award: { type: 'percent', basis_points: 1000, of: 'matching_items' },
      }),
      rule('gift', { award: { type: 'points', points: 25 }, budget: 'gifts' }),
    ],
    budgets: [{ id: 'gifts', title: 'Подарки', limit_points: 30 }],
  })
  await cloud.sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document, validFrom: 0, now: 0, by: 'admin:anna', reason: 'a test' }),
  )
  await cloud.sql`update programmes set settings = '{"duplicate_window_seconds": 0}'`
  shop = await openTestShop({ cloud })
  register = await shop.start()
  await when(register, ({ store, cloud }) => store !== null && cloud.line === 'online')
})
afterEach(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await register.stop()
  await shop.close()
  await cloud.drop()
})

/** 1C opens a receipt, and the customer comes. */
async function open(receipt: string, items: object[]) {
  const amount = { amount: purchaseKopecks / 100, receipt, items }
  await writeFile(join(shop.exchangeFolder, 'amount.json'), JSON.stringify(amount))
  await when(register, ({ sale }) => sale?.receipt === receipt)
  await register.findCustomer({ code: '654321' })
  const { offer } = await when(
    register,
    ({ sale, customer, offer }) =>
      sale?.receipt === receipt && customer?.source === 'cloud' && offer !== null,
  )
  return offer?.earn
}

async function earn(receipt: string) {
  expect(await register.earn({ purchaseKopecks })).toMatchObject({ ok: true })
  const { act } = await when(
    register,
    ({ act, sale }) => act?.type === 'success' && !act.isQueued && sale === null,
  )
  const [row] = await cloud.sql`
    select earned, items from operations left join operation_items on operation_id = operations.id
    where receipt = ${receipt}`
  return { shown: act?.type === 'success' ? act.earned : null, ...row }
}

it('what 1C says is bought earns at the till and in the ledger; what a budget has left only the ledger knows', async () => {
  expect(await open('1', [tea, cup])).toMatchObject({ earned: 40 + 60 + 25, isSure: false })
  expect(await earn('1')).toEqual({ shown: 125, earned: 125, items: [tea, cup] })

  // The budget has five points left; without goods that add up there is nothing for tea, and the screen says why.
  expect(await open('2', [tea])).toMatchObject({ earned: 40 + 25, isSure: false })
  const { notices } = await when(register, ({ notices }) => notices.length > 0)
  expect(notices).toMatchObject([{ code: 'items_ignored', text: 'not_the_amount' }])
  expect(await earn('2')).toEqual({ shown: 45, earned: 45, items: null })

  await open('3', [tea, cup])
  await when(register, ({ notices }) => notices.length === 0)
  expect(await earn('3')).toMatchObject({ earned: 100 })
})
