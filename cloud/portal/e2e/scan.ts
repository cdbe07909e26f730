import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Locator } from '@playwright/test'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } })

/** What a scanner reads from that part of the screen. */
export async function scan(part: Locator, format: 'QRCode' | 'Code128' = 'QRCode'): Promise<string> {
  const picture = await part.screenshot()
  const [code] = await readBarcodes(new Uint8Array(picture), { formats: [format] })
  return code?.text ?? ''
}
