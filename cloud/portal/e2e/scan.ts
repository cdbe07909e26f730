import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Locator } from '@playwright/test'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } })

/** What a scanner reads from that part of the screen. */
export async function scan(part: Locator, format: 'QRCode' | 'Code128' = 'QRCode'): Promise<string> {
  let text = ''
  // As a scanner does: a picture in which it finds nothing is followed by another.
  await expect
    .poll(async () => {
      const picture = await part.screenshot()
      const [code] = await readBarcodes(new Uint8Array(picture), { formats: [format] })
      text = code?.text ?? ''
      return text
    })
    .not.toBe('')
  return text
}
