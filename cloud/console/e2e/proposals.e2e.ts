import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { addCustomer, fits, heading, signIn } from './staff.ts'

test('a large adjustment is proposed, not approved by who proposed it, and done with the second approval, at a telephone', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const card = await addCustomer(sql, 'Анна')
  const proposer = await signIn(browser, { sql, url, roles: ['support', 'marketing'] })
  const marketing = await signIn(browser, { sql, url, roles: ['marketing'] })
  const finance = await signIn(browser, { sql, url, roles: ['finance'], isAtPhone: true })
  const balance = async () =>
    (await sql<{ balance: number }[]>`select balance from customers where card = ${card}`)[0]?.balance

  const adjustment = { id: newId(), card, points: 12_000, reason: 'приз' }
  const { status, body } = await proposer.act('customer.adjust', adjustment)
  expect(status).toBe(202)
  const { id, hash } = body.proposal
  const path = `/proposals?open=${id}`

  await proposer.open(path)
  await expect(proposer.page.getByText('Это предложили вы.')).toBeVisible()
  await expect(proposer.page.getByRole('button', { name: 'Одобрить' })).toHaveCount(0)
  expect(await proposer.act('proposal.approve', { proposal: id, hash })).toMatchObject({
    status: 409,
    body: { error: { code: 'own_proposal' } },
  })

  await marketing.open(path)
  await marketing.page.getByRole('button', { name: 'Одобрить' }).click()
  const dialog = marketing.page.getByRole('dialog', { name: 'Одобрить' })
  await expect(dialog).toContainText('+12 000')
  await dialog.getByRole('button', { name: 'Одобрить' }).click()
  await expect(marketing.page.getByText('Ваше одобрение уже есть.')).toBeVisible()
  expect(await balance()).toBe(0)

  await finance.open(path)
  await expect(finance.page.getByText(`✓ ${marketing.name}`)).toBeVisible()
  expect(await barriers(finance.page)).toEqual([])
  await fits(finance.page)
  await finance.page.getByRole('button', { name: 'Одобрить' }).click()
  await finance.page.getByRole('dialog').getByRole('button', { name: 'Одобрить' }).click()
  await expect(finance.page.getByText('сделано', { exact: true })).toBeVisible()
  expect(await balance()).toBe(12_000)

  expect([...proposer.faults, ...marketing.faults, ...finance.faults]).toEqual([])
})

test('a proposal is rejected with a reason, and a second decision is told what became of it', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const card = await addCustomer(sql, 'Игорь')
  const support = await signIn(browser, { sql, url, roles: ['support'] })
  const [finance, late] = [
    await signIn(browser, { sql, url, roles: ['finance'] }),
    await signIn(browser, { sql, url, roles: ['finance'] }),
  ]
  const adjustment = { id: newId(), card, points: -11_000, reason: 'ошибка кассы' }
  const { body } = await support.act('customer.adjust', adjustment)
  const path = `/proposals?open=${body.proposal.id}`
  await finance.open(path)
  await late.open(path)
  await late.page.getByRole('button', { name: 'Отклонить' }).click()
  await late.page.getByLabel('Причина').fill('тоже против')

  await finance.page.getByRole('button', { name: 'Отклонить' }).click()
  const dialog = finance.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Отклонить' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('Заполните поле')
  await dialog.getByLabel('Причина').fill('баланса нет')
  await dialog.getByRole('button', { name: 'Отклонить' }).click()
  await expect(finance.page.getByText('баланса нет')).toBeVisible()

  await late.page.getByRole('dialog').getByRole('button', { name: 'Отклонить' }).click()
  await expect(late.page.getByRole('alert')).toContainText('Решение уже принято')
  await expect(heading(finance.page)).toHaveText('Согласования')
})

test('a book that is proposed says from when on it would hold, by the clock of the shops', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { open, act, page } = await signIn(browser, { sql, url, roles: ['marketing'] })
  const [held] = await sql<{ version: number }[]>`
    select version from rule_books where valid_from <= now() order by valid_from desc, version desc limit 1`
  const budgets = [{ id: 'generous', title: 'Щедрый', limit_points: 6_000_000 }]
  const at = '2027-03-07T21:15:00.000Z'
  const book = { document: { budgets }, at, follows: held?.version, reason: 'праздник' }
  const { status, body } = await act('book.publish', book)
  expect(status).toBe(202)
  await open(`/proposals?open=${body.proposal.id}`)
  const panel = page.getByRole('complementary')
  await expect(panel.getByRole('definition').filter({ hasText: '8 мар. 2027, 00:15' })).toBeVisible()
  await expect(panel.getByRole('term').filter({ hasText: 'Начата с версии' })).toBeVisible()
})
