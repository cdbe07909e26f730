import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { chromiumArgs, findChromium } from '../desktop/e2e/chromium.ts'
import { encodeIco, type Picture } from './package/ico.ts'

// npm run icon: draws desktop/renderer/icon.svg into the icon of the Windows program, in every size that Windows asks for.

const SIZES = [16, 20, 24, 32, 40, 48, 64, 96, 128, 256]
const FOLDER = join(import.meta.dirname, 'package')

const svg = readFileSync(join(import.meta.dirname, '../desktop/renderer/icon.svg'), 'utf8')
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
try {
  const page = await browser.newPage()
  const pictures: Picture[] = []
  for (const size of SIZES) {
    const { rgba, png } = await page.evaluate<{ rgba: string; png: string }>(drawing(size))
    pictures.push({ size, rgba: Buffer.from(rgba, 'base64'), png: Buffer.from(png, 'base64') })
  }
  writeFileSync(join(FOLDER, 'icon.ico'), encodeIco(pictures))
  writeFileSync(join(FOLDER, 'icon.png'), pictures.at(-1)?.png ?? '')
} finally {
  await browser.close()
}
console.log(`icon.ico: ${SIZES.join(', ')}`)

function drawing(size: number): string {
  return `(async () => {
    const image = new Image()
    image.src = 'data:image/svg+xml,' + encodeURIComponent(${JSON.stringify(svg)})
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = ${size}
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0, ${size}, ${size})
    const { data } = context.getImageData(0, 0, ${size}, ${size})
    const rgba = btoa(data.reduce((text, byte) => text + String.fromCharCode(byte), ''))
    return { rgba, png: canvas.toDataURL('image/png').split(',')[1] }
  })()`
}
