import type { ByteRange } from './fileStore.ts'

/** The updater asks for at most a thousand pieces at once. */
const MOST_RANGES = 1000

/**
 * What a Range header asks of a file: pieces, in its order; `whole` where there is none, or one that may be
 * ignored; `outside` where no piece lies in the file.
 */
export function readRanges(header: string | undefined, sizeBytes: number): ByteRange[] | 'whole' | 'outside' {
  const list = /^bytes=(.+)$/i.exec(header?.trim() ?? '')?.[1]
  if (list === undefined) return 'whole'
  const asked = list.split(',').map((piece) => readPiece(piece.trim(), sizeBytes))
  if (asked.length > MOST_RANGES || asked.includes('malformed')) return 'whole'
  const ranges = asked.filter((piece) => typeof piece === 'object')
  if (ranges.length === 0) return 'outside'
  // Pieces that overlap could ask for the file a hundred times over.
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0)
  return total > sizeBytes ? 'whole' : ranges
}

function readPiece(piece: string, sizeBytes: number): ByteRange | 'malformed' | 'outside' {
  const [, first = '', last = ''] = /^(\d{0,15})-(\d{0,15})$/.exec(piece) ?? []
  if (first === '' && last === '') return 'malformed'
  if (first === '') {
    const start = Math.max(0, sizeBytes - Number(last))
    return start < sizeBytes ? { start, end: sizeBytes } : 'outside'
  }
  const start = Number(first)
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)
  if (last !== '' && Number(last) < start) return 'malformed'
  return start < sizeBytes ? { start, end } : 'outside'
}
