import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { openSession } from '../../access/staff/sessions.ts'
import { heading, signIn } from './staff.ts'

test('what was typed outlasts its session: one signs in beside it, and goes on', async ({
  browser,
  cloud,
  sql,
}) => {
  const store = `Магазин ${newId().slice(-8)}`
  const { page, name, open } = await signIn(browser, { sql, url: cloud.url, roles: ['owner'] })
  const openSessionAnew = async (userAgent: string) => {
    const from = { ip: '10.0.0.1', userAgent }
    const value = await sql.begin((sql) =>
      openSession(sql, { account: name, isProven: true, from, now: Date.now() }),
    )
    await page.context().addCookies([{ name: 'kopilka_staff', value, url: cloud.url }])
  }

  await open('/stores')
  await page.getByRole('button', { name: 'Добавить магазин' }).click()
  const form = page.getByRole('dialog', { name: 'Добавить магазин' })
  await form.getByLabel('Название').fill(store)
  await sql`delete from staff_sessions where account = ${name}`
  await form.getByRole('button', { name: 'Добавить магазин' }).click()

  const told = page.getByRole('dialog', { name: 'Вход закончился' })
  await expect(told.getByRole('link', { name: 'Войти в новой вкладке' })).toHaveAttribute('target', '_blank')
  expect(await barriers(page)).toEqual([])
  await page.screenshot({ path: 'dist/e2e-screens/console-signed-out.png' })
  // Whoever passes by the desk does not read on.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(told).toBeVisible()
  await openSessionAnew('another tab')
  await told.getByRole('button', { name: 'Продолжить' }).click()
  await expect(told).toHaveCount(0)
  await expect(form.getByLabel('Название')).toHaveValue(store)

  // Another session of the same person, of which the page has not heard: nothing that it asks meanwhile is turned away.
  await openSessionAnew('a third tab')
  await sql`delete from staff_sessions where account = ${name} and user_agent <> 'a third tab'`
  await form.getByRole('button', { name: 'Добавить магазин' }).click()
  await expect(form.getByRole('alert')).toContainText('нажмите ещё раз')
  await form.getByRole('button', { name: 'Добавить магазин' }).click()
  await expect(page.getByRole('cell', { name: store })).toBeVisible()
})

test('a link opened without a session leads on to its page after the sign-in', async ({
  browser,
  cloud,
  sql,
}) => {
  const { page, name, open } = await signIn(browser, { sql, url: cloud.url, roles: ['owner'] })
  await open('/stores')
  await expect(heading(page)).toHaveText('Магазины')
  await sql`delete from staff_sessions where account = ${name}`
  await page.goto(`${cloud.url}/console/audit?who=${name}`)
  await expect(page).toHaveURL(`${cloud.url}/console/login?next=%2Fconsole%2Faudit%3Fwho%3D${name}`)
})

test('a link on a page of somebody else finds who is signed in', async ({ browser, cloud, sql }) => {
  const { page } = await signIn(browser, { sql, url: cloud.url, roles: ['owner'] })
  await page.goto(`${cloud.url.replace('127.0.0.1', 'localhost')}/console/login`)
  await page.evaluate(`location.assign('${cloud.url}/console/stores')`)
  await expect(heading(page)).toHaveText('Магазины')
})
