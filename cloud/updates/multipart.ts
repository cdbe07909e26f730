import { randomUUID } from 'node:crypto'
import type { ByteRange } from './fileStore.ts'

/** Several pieces of one file in one body: multipart/byteranges. */
export function multipartOf(
  ranges: ByteRange[],
  { sizeBytes, type }: { sizeBytes: number; type: string },
  read: (range: ByteRange) => AsyncIterable<Uint8Array>,
) {
  const boundary = randomUUID()
  const encode = (text: string) => new TextEncoder().encode(text)
  const parts = ranges.map((range, index) => ({
    range,
    head: encode(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\ncontent-type: ${type}\r\n` +
        `content-range: ${contentRange(range, sizeBytes)}\r\n\r\n`,
    ),
  }))
  const end = encode(`\r\n--${boundary}--\r\n`)

  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const { range, head } of parts) {
      yield head
      yield* read(range)
    }
    yield end
  }

  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    lengthBytes: parts.reduce(
      (sum, { head, range }) => sum + head.length + range.end - range.start,
      end.length,
    ),
    bytes,
  }
}

export function contentRange({ start, end }: ByteRange, sizeBytes: number): string {
  return `bytes ${start}-${end - 1}/${sizeBytes}`
}
