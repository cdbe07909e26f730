import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { FIRST_PROGRAMME } from '../../ledger/programme.ts'
import { addCustomer, fits, signIn } from './staff.ts'

test('what waits for a person is released or rejected, and the list says what became of it', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const [anna, first, second] = [
    await addCustomer(sql, 'Анна'),
    await addCustomer(sql, 'Вера'),
    await addCustomer(sql, 'Борис'),
  ]
  await sql`
    insert into referrals (referee_id, referrer_id, programme_id, invited_at, state)
    select referee.id, referrer.id, ${FIRST_PROGRAMME}, now(), 'flagged'
    from customers referee, customers referrer
    where referee.card = any(${[first, second]}) and referrer.card = ${anna}`
  const stateOf = async (card: string) =>
    (
      await sql`select state, reason, note from referrals join customers on id = referee_id where card = ${card}`
    )[0]
  const spaced = (card: string) => new RegExp(card.replace(/(\d{3})(?=\d)/g, '$1\\s?'))

  const { page, open, faults } = await signIn(browser, { sql, url, roles: ['marketing'] })
  await open('/referrals')
  const row = (card: string) => page.getByRole('row').filter({ hasText: spaced(card) })
  await row(first).click()
  await expect(page.getByText('Три первые покупки или больше')).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await fits(page)
  await page.screenshot({ path: 'dist/e2e-screens/console-referrals.png' })
  const decide = async (name: string, why: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Причина').fill(why)
    await dialog.getByRole('button', { name, exact: true }).click()
    await expect(dialog).toBeHidden()
  }
  await decide('Пропустить', 'коллеги')
  await expect.poll(() => stateOf(first)).toEqual({ state: 'waiting', reason: null, note: 'коллеги' })
  await expect(row(first)).toHaveCount(0)
  await row(second).click()
  await decide('Отклонить', 'касса сама')
  await expect
    .poll(() => stateOf(second))
    .toEqual({ state: 'rejected', reason: 'person', note: 'касса сама' })
  await page.getByRole('button', { name: 'Отклонены' }).click()
  await expect(row(second)).toContainText('отклонено: решил сотрудник')
  expect(faults).toEqual([])
})
