import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { barsOf } from './code128.ts'

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } })

/** What a scanner reads from it, printed three pixels a module. */
async function read(digits: string): Promise<string | undefined> {
  const [scale, quiet, height] = [3, 10, 40]
  const { bars, width: modules } = barsOf(digits)
  const width = (modules + 2 * quiet) * scale
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (const { at, width: bar } of bars)
    for (let x = (at + quiet) * scale; x < (at + quiet + bar) * scale; x += 1)
      for (let y = 0; y < height; y += 1) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
  const picture = { data, width, height, colorSpace: 'srgb' } as ImageData
  const [code] = await readBarcodes(picture, { formats: ['Code128'] })
  return code?.text
}

it.each(['99000000', '99654321', '991234567', '99123456789', '99012345678901', '999999999999'])(
  'a scanner reads %s',
  async (digits) => expect(await read(digits)).toBe(digits),
)

it('a scanner reads every pair of digits', async () => {
  for (let pair = 0; pair < 100; pair += 1) {
    const digits = `99${String(pair).padStart(2, '0')}`
    expect(await read(digits)).toBe(digits)
  }
})

it('is eleven modules a symbol, and two more at the end', () => {
  // Start, four pairs, check, stop; a digit that is left over needs a symbol, and another one that says so.
  expect(barsOf('99654321').width).toBe(7 * 11 + 2)
  expect(barsOf('991234567').width).toBe(9 * 11 + 2)
})

it.each(['', '9', '99x', ' 99'])('refuses what is no number: "%s"', (digits) => {
  expect(() => barsOf(digits)).toThrow('no number')
})
