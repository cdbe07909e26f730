import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { fits, signIn } from './staff.ts'

// Nobody else's programme is stopped by it.
test.use({ ownDatabase: 'freeze' })

test('a programme is stopped by two people, and says so until two let it go on', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const [owner, marketing, finance] = [
    await signIn(browser, { sql, url, roles: ['owner'] }),
    await signIn(browser, { sql, url, roles: ['marketing'] }),
    await signIn(browser, { sql, url, roles: ['finance'], isAtPhone: true }),
  ]
  const { page } = owner
  const settings = '/rules?part=settings'
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
      select id, encode(hash, 'hex') as hash from proposals where act = 'programme freeze' order by id desc limit 1`
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
  await owner.open('/')
  await page.getByRole('link', { name: /^Программа приостановлена/ }).click()
  await expect(card.getByRole('status')).toContainText('Программа приостановлена')

  const goOn = await propose('Возобновить программу', 'ключи заменены')
  for (const { act } of [marketing, finance])
    expect(await act('proposal.approve', { proposal: goOn.id, hash: goOn.hash })).toMatchObject({
      status: 200,
    })
  await owner.open(settings)
  await expect(card).toContainText('Программа работает')
  expect([...owner.faults, ...marketing.faults, ...finance.faults]).toEqual([])
})

test('a setting that is money is typed in roubles, as it is read', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open } = await signIn(browser, { sql, url, roles: ['owner'] })
  await open('/rules?part=settings')
  const row = page.getByRole('row').filter({ hasText: '30 000,00 ₽' })
  await row.getByRole('button').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('Значение, ₽')).toHaveValue('30000')
  await expect(dialog).toContainText('10 000 000,00 ₽')
  await dialog.getByLabel('Значение, ₽').fill('20 000,50')
  await dialog.getByRole('button', { name: 'Сохранить' }).click()
  await expect(page.getByRole('row').filter({ hasText: '20 000,50 ₽' })).toBeVisible()
  const [programme] = await sql<{ limit: number }[]>`
    select (settings ->> 'typed_limit_kopecks')::int as limit from programmes where id = 1`
  expect(programme?.limit).toBe(2_000_050)
})
