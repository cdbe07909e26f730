import { expect } from '@playwright/test'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { addCustomer, lost, signIn } from './staff.ts'

test('a campaign whose saving was not answered is changed and saved again by the same person', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open } = await signIn(browser, { sql, url, roles: ['marketing'] })
  const title = `Снова к нам ${newId().slice(-8)}`
  await open('/new-campaign')
  await page.getByLabel('Начать с готового').selectOption('large-purchase')
  await page.getByLabel('Название').fill(title)
  await page.getByLabel('Чего хотим добиться').fill('Чтобы вернулись')
  const save = page.getByRole('button', { name: 'Сохранить черновик' })
  await page.route('**/acts/campaign.add', lost, { times: 1 })
  await save.click()
  await expect(page.getByRole('alert')).toContainText('неизвестно, сделано ли это')
  await page.getByLabel('Название').fill(`${title}, ещё раз`)
  await save.click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${title}, ещё раз`)

  // As one that is there already, too.
  await page.getByRole('button', { name: 'Изменить', exact: true }).click()
  await page.getByLabel('Название').fill(`${title}, снова`)
  await page.route('**/acts/campaign.add', lost, { times: 1 })
  await save.click()
  await expect(page.getByRole('alert')).toContainText('неизвестно, сделано ли это')
  await page.getByLabel('Название').fill(`${title}, в третий раз`)
  await save.click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${title}, в третий раз`)
  const saved = await sql<{ version: number }[]>`
    select version from campaigns where document->>'title' like ${`${title}%`}`
  expect(saved.map(({ version }) => version)).toEqual([4])
})

test('a campaign that is saved stays under its name when what follows upon it is refused', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open } = await signIn(browser, { sql, url, roles: ['marketing'] })
  const title = `Под именем ${newId().slice(-8)}`
  await open('/new-campaign')
  await page.getByLabel('Начать с готового').selectOption('large-purchase')
  await page.getByLabel('Название').fill(title)
  await page.getByLabel('Чего хотим добиться').fill('Чтобы вернулись')
  const save = page.getByRole('button', { name: 'Сохранить черновик' })
  await page.route('**/acts/campaign.add', lost, { times: 1 })
  await save.click()
  await expect(page.getByRole('alert')).toContainText('неизвестно, сделано ли это')

  // Asked for again it is there, and the change is refused; its title would make another name.
  await page.getByLabel('Название').fill(`Иначе: ${title}`)
  const refused = { error: { code: 'too_many_requests', message: 'later' } }
  await page.route('**/acts/campaign.add', async (route) => {
    const { follows } = route.request().postDataJSON()
    await (follows === 'new' ? route.continue() : route.fulfill({ status: 429, json: refused }))
  })
  await save.click()
  await expect(page.getByRole('alert')).toContainText('Слишком часто')
  await page.unroute('**/acts/campaign.add')
  await save.click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Иначе: ${title}`)
  const saved = await sql<{ version: number }[]>`
    select version from campaigns where document->>'title' like ${`%${title}`}`
  expect(saved.map(({ version }) => version)).toEqual([2])
})

test('what was asked for stays as it was until its answer is known', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const card = await addCustomer(sql, 'Глафира')
  const { page, open } = await signIn(browser, { sql, url, roles: ['support'] })
  await open(`/customers?q=${card}`)
  await page.getByRole('button', { name: 'Изменить баллы' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Баллы').fill('30')
  await dialog.getByLabel('Причина').fill('за ожидание')
  await page.route('**/acts/customer.adjust', lost, { times: 1 })
  const submit = dialog.getByRole('button', { name: 'Изменить баллы' })
  await submit.click()
  await expect(dialog.getByRole('alert')).toContainText('неизвестно, сделано ли это')
  // Something else would be another act, beside the one that may be done.
  await expect(dialog.getByLabel('Баллы')).toBeDisabled()
  await submit.click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Баллы', exact: true })).toContainText('30')
})

test('what was edited after the approval was asked for is not approved by asking for it again', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const card = await addCustomer(sql, 'Аглая')
  const proposer = await signIn(browser, { sql, url, roles: ['support'] })
  const adjustment = { id: newId(), card, points: 12_000, reason: 'приз' }
  const { body } = await proposer.act('customer.adjust', adjustment)
  const { id } = body.proposal
  const { page, open } = await signIn(browser, { sql, url, roles: ['marketing'] })
  await open(`/proposals?open=${id}`)
  await page.getByRole('button', { name: 'Одобрить' }).click()
  const dialog = page.getByRole('dialog', { name: 'Одобрить' })
  const input = { ...adjustment, points: 50_000 }
  expect((await proposer.act('proposal.edit', { proposal: id, input })).status).toBe(200)

  // It does not get there, and the page reads anew what there is to approve.
  await page.route('**/acts/proposal.approve', (route) => route.abort(), { times: 1 })
  const submit = dialog.getByRole('button', { name: 'Одобрить' })
  await submit.click()
  await expect(dialog.getByRole('alert')).toContainText('неизвестно, сделано ли это')
  await expect(page.getByRole('complementary')).toContainText('+50 000')
  await expect(dialog).toContainText('+12 000')
  await submit.click()
  await expect(dialog.getByRole('alert')).toContainText('Пока вы смотрели, предложение изменили')
  expect(await sql`select from proposal_approvals where proposal_id = ${id}`).toHaveLength(0)
})
