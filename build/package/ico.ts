/** `rgba`: four bytes a pixel, row by row from the top. */
export type Picture = { size: number; rgba: Uint8Array; png: Uint8Array }

const HEAD_BYTES = 6
const ENTRY_BYTES = 16
const BITMAP_HEAD_BYTES = 40

/** A Windows icon. The largest picture is a PNG, the others bitmaps: what shows icons may be older than PNG in them. */
export function encodeIco(pictures: Picture[]): Buffer {
  const images = pictures.map((picture) => (picture.size >= 256 ? picture.png : bitmapOf(picture)))
  const head = Buffer.alloc(HEAD_BYTES + ENTRY_BYTES * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  for (const [index, { size }] of pictures.entries()) {
    const at = HEAD_BYTES + ENTRY_BYTES * index
    const bytes = images[index]?.length ?? 0
    // 0 stands for 256.
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(bytes, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += bytes
  }
  return Buffer.concat([head, ...images])
}

/** Bottom up, blue first; then a mask that nothing reads where there is an alpha channel, but which must be there. */
function bitmapOf({ size, rgba }: Picture): Buffer {
  const head = Buffer.alloc(BITMAP_HEAD_BYTES)
  head.writeUInt32LE(BITMAP_HEAD_BYTES, 0)
  head.writeInt32LE(size, 4)
  head.writeInt32LE(size * 2, 8)
  head.writeUInt16LE(1, 12)
  head.writeUInt16LE(32, 14)
  const pixels = Buffer.alloc(size * size * 4)
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const from = (y * size + x) * 4
      const to = ((size - 1 - y) * size + x) * 4
      const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(from, from + 4)
      pixels.set([blue, green, red, alpha], to)
    }
  const mask = Buffer.alloc(Math.ceil(size / 32) * 4 * size)
  return Buffer.concat([head, pixels, mask])
}
