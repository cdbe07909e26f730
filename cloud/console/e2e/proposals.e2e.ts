import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { perform } from '../../acts/act.ts'
import { addProgramme } from '../../acts/programmes.ts'
import { byAdmin } from '../../acts/testing.ts'
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

test('a programme is stopped by two people, says so until two let it go on, and is frozen nowhere else', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  // The one of the other tests is to go on.
  const name = `Ромашка ${newId().slice(-8)}`
  const { programmeId } = await perform(addProgramme, { merchant: name, name }, byAdmin(sql))
  const [owner, marketing, finance] = [
    await signIn(browser, { sql, url, roles: ['owner'] }),
    await signIn(browser, { sql, url, roles: ['marketing'] }),
    await signIn(browser, { sql, url, roles: ['finance'], isAtPhone: true }),
  ]
  const { page } = owner
  const settings = `/rules?part=settings&programme=${programmeId}`
  const card = page.getByRole('region', { name: 'Приостановка программы', exact: true })

  async function propose(title: string, reason: string) {
    await owner.open(settings)
    await card.getByRole('button', { name: title, exact: true }).click()
    const dialog = page.getByRole('dialog', { name: title, exact: true })
    await expect(dialog).toContainText('Решают двое')
    expect(await barriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Предложить', exact: true }).click()
    await expect(dialog.getByRole('alert')).toHaveText('Заполните поле')
    await dialog.getByLabel('Зачем').fill(reason)
    await dialog.getByRole('button', { name: 'Предложить', exact: true }).click()
    await page.getByRole('link', { name: 'Открыть предложение', exact: true }).click()
    const panel = page.getByRole('complementary')
    await expect(panel).toContainText(title)
    await expect(panel).toContainText(reason)
    const [proposal] = await sql<{ id: number; hash: string }[]>`
      select id, encode(hash, 'hex') as hash from proposals where input->>'programme' = ${String(programmeId)}
      order by id desc limit 1`
    return proposal ?? { id: 0, hash: '' }
  }

  const stop = await propose('Приостановить программу', 'утечка ключей')
  expect(await marketing.act('proposal.approve', { proposal: stop.id, hash: stop.hash })).toMatchObject({
    body: { result: { state: 'open' } },
  })
  await owner.open(settings)
  await expect(card).toContainText('Программа работает')
  await finance.open(`/proposals?open=${stop.id}`)
  expect(await barriers(finance.page)).toEqual([])
  await fits(finance.page)
  await finance.page.getByRole('button', { name: 'Одобрить', exact: true }).click()
  const dialog = finance.page.getByRole('dialog', { name: 'Одобрить', exact: true })
  await expect(dialog).toContainText('Ни одна карта не будет копить и тратить')
  await dialog.getByRole('button', { name: 'Одобрить', exact: true }).click()
  await expect(finance.page.getByText('сделано', { exact: true })).toBeVisible()

  await finance.open(settings)
  await expect(finance.page.getByRole('status').filter({ hasText: 'Программа приостановлена' })).toBeVisible()
  expect(await barriers(finance.page)).toEqual([])
  await fits(finance.page)
  await owner.open(`/?programme=${programmeId}`)
  await page.getByRole('link', { name: /^Программа приостановлена/ }).click()
  await expect(card.getByRole('status')).toContainText('Программа приостановлена')
  await owner.open('/rules?part=settings')
  await expect(card).toContainText('Программа работает')

  const goOn = await propose('Возобновить программу', 'ключи заменены')
  for (const { act } of [marketing, finance])
    expect(await act('proposal.approve', { proposal: goOn.id, hash: goOn.hash })).toMatchObject({
      status: 200,
    })
  await owner.open(settings)
  await expect(card).toContainText('Программа работает')
  expect([...owner.faults, ...marketing.faults, ...finance.faults]).toEqual([])
})
