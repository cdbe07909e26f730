import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from '@playwright/test'
import type { CommandReply, Snapshot } from '../../shared/bridge.ts'
import { buildWhereStale } from '../built.ts'
import { findElectron } from '../electronBinary.ts'

// npm run test:electron: the built shell in the real Electron, which must not be fused yet.

const say = (line: string) => console.error(line)
const binary = await findElectron(say)
if ('missing' in binary) {
  console.log(`SKIPPED: no Electron binary on this machine (${binary.missing})`)
} else {
  await buildWhereStale(say)
  await walkThrough(binary.path)
  console.log('PASSED: the screen is shown, locked, and its register answers')
}

async function walkThrough(executablePath: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'kopilka-electron-'))
  // Chromium has no sandbox for root.
  const chromium = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const ours = [`--data=${join(root, 'data')}`, `--exchange=${join(root, 'exchange')}`, '--window=normal']
  const electron = await _electron.launch({
    executablePath,
    args: [...chromium, join(import.meta.dirname, '../..'), ...ours],
  })
  try {
    const page = await electron.firstWindow()
    await page.waitForURL('app://kopilka/')
    await page.locator('#root > *').first().waitFor()

    const snapshot = await page.evaluate<Snapshot>('window.kopilka.snapshot()')
    check('an unenrolled register shows itself', snapshot.cloud.line === 'not_enrolled')
    const reply = await page.evaluate<CommandReply<'typeAmount'>>('window.kopilka.typeAmount({})')
    check('a command goes there and its reply comes back', !reply.ok && reply.code === 'malformed')
    const globals = await page.evaluate<string>('typeof require + typeof process')
    check('the page has no Node', globals === 'undefinedundefined')
    const policy = await page.evaluate<string>(
      `fetch('/').then((response) => response.headers.get('content-security-policy'))`,
    )
    check('the policy goes with the page', policy.includes("default-src 'none'"))
    const inline = await page.evaluate<string>(`(() => {
      const script = document.createElement('script')
      script.textContent = 'window.wasRun = true'
      document.head.append(script)
      return typeof window.wasRun
    })()`)
    check('and is obeyed', inline === 'undefined')
    const microphone = await page.evaluate<string>(
      `navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'given', (error) => error.name)`,
    )
    check('the microphone is refused', microphone !== 'given')
    await page.evaluate(`void (location.href = 'https://example.com/')`)
    await page.waitForTimeout(500)
    check('the window stays at home', page.url() === 'app://kopilka/')
  } finally {
    await electron.close()
    rmSync(root, { recursive: true, force: true })
  }
}

function check(what: string, isSo: boolean): void {
  if (!isSo) throw new Error(`Not so: ${what}`)
}
