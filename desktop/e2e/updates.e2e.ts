import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { pino } from 'pino'
import { serveInBrowser } from '../browser/serve.ts'
import { systemFiles } from '../register/machine/files.ts'
import { openRegister } from '../register/register.ts'
import { createUpdatesStandIn } from '../register/testing/updates.ts'
import { systemClock } from '../register/time/clock.ts'
import { barriers } from './barriers.ts'

type Program = ReturnType<typeof createUpdatesStandIn>

/** A kiosk that can be updated, as the one in Electron is, shown in the browser. */
const test = base.extend<{ program: Program }>({
  program: async ({ page }, use) => {
    const root = await mkdtemp(join(tmpdir(), 'kopilka-e2e-'))
    const program = createUpdatesStandIn()
    const log = pino({ level: 'silent' })
    const register = await openRegister({
      dataFolder: join(root, 'data'),
      keys: { load: async () => null, save: async () => {} },
      files: systemFiles,
      clock: systemClock,
      fetch,
      random: Math.random,
      log,
      version: '1.3.0',
      updates: program.updates,
    })
    const folder = join(import.meta.dirname, '../../dist/renderer')
    const served = await serveInBrowser({ register, port: 0, folder, log })
    await page.goto(served.url)
    await use(program)
    await served.close()
    await register.stop()
    await rm(root, { recursive: true, force: true })
  },
})

test('a version that is ready is told quietly, and installed by who does not want to wait', async ({
  page,
  program,
}) => {
  const header = page.getByRole('banner')
  await expect(header).toBeVisible()
  await expect(header).not.toContainText('Обновим')
  program.move({ state: 'ready', version: '1.4.0', percent: null, problem: null })
  await expect(header).toContainText('Обновим ночью')

  await page.getByRole('button', { name: 'Настройки' }).click()
  await page.getByRole('button', { name: 'Диагностика' }).click()
  await expect(page.getByText('Версия 1.4.0 готова, установим ночью.')).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await page.screenshot({ path: 'dist/e2e-screens/update.png' })
  await page.getByRole('button', { name: 'Обновить сейчас' }).click()
  await expect(page.getByText('Касса обновится, как только освободится.')).toBeVisible()
  expect(program.asked).toBe(1)

  program.move({ state: 'installing', version: '1.4.0', percent: null, problem: null })
  await expect(header).toContainText('Обновляемся…')
  await expect(page.getByRole('button', { name: 'Обновить сейчас' })).toBeDisabled()
})

test('a register that is at work is not updated, and an update that failed says why', async ({
  page,
  program,
}) => {
  program.isFree = () => false
  program.move({ state: 'failed', version: '1.4.0', percent: null, problem: 'not_verified' })
  await page.getByRole('button', { name: 'Настройки' }).click()
  await page.getByRole('button', { name: 'Диагностика' }).click()
  await expect(
    page.getByText(/^Версия 1\.4\.0 не установлена\. Скачанное обновление не прошло/),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Обновить сейчас' }).click()
  await expect(page.getByText('Касса занята предыдущей операцией.')).toBeVisible()
  expect(program.asked).toBe(0)
})
