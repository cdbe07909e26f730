import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeIco } from './ico.ts'
import { Data } from './testing.ts'

describe('the icon of the Windows program', () => {
  const { icons } = Data.IconFile.from(readFileSync(join(import.meta.dirname, 'icon.ico')))
  const pictures = icons.map(({ width, bitCount, data }) => ({ width, bitCount, data }))

  it('has every size that Windows asks for, in full colour', () => {
    // The format says 0 for 256.
    expect(pictures.map(({ width }) => width || 256)).toEqual([16, 20, 24, 32, 40, 48, 64, 96, 128, 256])
    expect(new Set(pictures.map(({ bitCount }) => bitCount))).toEqual(new Set([32]))
  })

  it('has bitmaps up to 128 pixels, and a PNG of 256', () => {
    expect(pictures.map(({ data }) => data.isIcon())).toEqual([...Array(9).fill(true), false])
    for (const { width, data } of pictures.filter(({ data }) => data.isIcon()))
      expect(data).toMatchObject({ width, height: width })
  })

  it('shows a white piggy bank on green, and nothing in its corners', () => {
    const large = readFileSync(join(import.meta.dirname, 'icon.ico'))
    expect(colourAt(large, 0, 0)).toEqual([0, 0, 0, 0])
    expect(colourAt(large, 64, 5)).toEqual([0x0b, 0x6b, 0x4a, 255])
    expect(colourAt(large, 58, 28)).toEqual([0xff, 0xc9, 0x40, 255])
    expect(colourAt(large, 60, 75)).toEqual([255, 255, 255, 255])
  })
})

describe('an icon file', () => {
  it('keeps the rows and colours of a picture', () => {
    const rgba = Uint8Array.from([1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 128, 0, 0, 0, 0])
    const ico = encodeIco([{ size: 2, rgba, png: new Uint8Array() }])
    const pixels = ico.subarray(6 + 16 + 40, 6 + 16 + 40 + 16)
    expect([...pixels]).toEqual([9, 8, 7, 128, 0, 0, 0, 0, 3, 2, 1, 255, 6, 5, 4, 255])
  })
})

/** In the picture of 128 pixels, the ninth: red, green, blue, alpha. */
function colourAt(ico: Buffer, x: number, y: number): number[] {
  const start = ico.readUInt32LE(6 + 16 * 8 + 12) + 40
  const [blue = 0, green = 0, red = 0, alpha = 0] = ico.subarray(start + ((127 - y) * 128 + x) * 4)
  return [red, green, blue, alpha]
}
