import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openTill } from './till.ts'

let folder: string
let till: ReturnType<typeof openTill>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kopilka-1c-'))
  till = openTill(folder, () => {})
})
afterEach(async () => {
  await till.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('shows a discount as long as it lies in the folder, and says that the till took it back', async () => {
  await till.act({ action: 'take_by_itself', isOn: false })
  await till.act({ action: 'new_receipt', kopecks: 123_456 })
  writeFileSync(join(folder, 'discount.txt'), '246')
  await vi.waitFor(() => expect(till.view().hasOffer).toBe(true))
  unlinkSync(join(folder, 'discount.txt'))
  await vi.waitFor(() => expect(till.view().hasOffer).toBe(false))
  expect(till.view().log[0]).toMatch(/касса её забрала/)
})
