import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { filmQr } from './cameraFilm.ts'
import { chromiumArgs, findChromium } from './chromium.ts'
import { test, title } from './shop.ts'

const CARD = '271828'
const film = join(tmpdir(), 'kopilka-e2e-film', `${CARD}.y4m`)
mkdirSync(join(film, '..'), { recursive: true })
filmQr(film, `99${CARD}`)

test.use({
  setting: { card: CARD, points: 500, behaviour: { kind: 'polite' }, isEnrolled: true },
  launchOptions: {
    executablePath: findChromium(),
    args: [...chromiumArgs, `--use-file-for-fake-video-capture=${film}`],
  },
})

test('the camera knows the QR of plastic, and the customer earns', async ({ kiosk, shop }) => {
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
  await kiosk.getByRole('button', { name: /^Начислить 40/ }).click({ timeout: 30_000 })
  await expect(title(kiosk)).toHaveText('Начислено 40 баллов')
  await expect.poll(shop.balance).toBe(540)
})
