import { existsSync, writeFileSync } from 'node:fs'
import { create } from 'qrcode'

const WIDTH = 640
const HEIGHT = 480
const FRAMES = 10
const WHITE = 235
const BLACK = 16

/**
 * A film for Chromium's fake camera: a sheet with a QR code, or an empty one, held still. A film that runs already
 * goes on with the new sheet, as its frames are of one size.
 */
export function filmQr(path: string, text: string | null): void {
  const luma = Buffer.alloc(WIDTH * HEIGHT, WHITE)
  if (text !== null) draw(luma, text)
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128)
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, chroma])
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)
  const film = Buffer.concat([header, ...Array.from({ length: FRAMES }, () => frame)])
  writeFileSync(path, film, { flag: existsSync(path) ? 'r+' : 'w' })
}

function draw(luma: Buffer, text: string): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const side = modules.size
  const scale = Math.floor(360 / side)
  const left = Math.floor((WIDTH - side * scale) / 2)
  const top = Math.floor((HEIGHT - side * scale) / 2)
  for (let y = 0; y < side * scale; y += 1) {
    for (let x = 0; x < side * scale; x += 1) {
      const isDark = modules.get(Math.floor(y / scale), Math.floor(x / scale))
      if (isDark) luma[(top + y) * WIDTH + left + x] = BLACK
    }
  }
}
