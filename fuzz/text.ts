import type { Random } from '../desktop/register/rig/random.ts'
import { STRANGE_CHARACTERS, STRANGE_TEXTS } from './strange.ts'

/** A text that is a little, or altogether, another. */
export function mutateText(text: string, random: Random): string {
  const from = random.int(0, text.length)
  const to = random.int(from, Math.min(text.length, from + 8))
  switch (random.int(0, 7)) {
    case 0:
      return random.pick(STRANGE_TEXTS)
    case 1:
    case 2:
      return text.slice(0, from) + random.pick(STRANGE_CHARACTERS) + text.slice(from)
    case 3:
      return text.slice(0, from) + random.pick(STRANGE_TEXTS) + text.slice(from)
    case 4:
      return text.slice(0, from) + text.slice(to)
    case 5:
      return text.slice(0, from) + String.fromCharCode(random.int(0, 0xffff)) + text.slice(from + 1)
    case 6:
      return text.slice(0, 2000).repeat(random.pick([2, 10, 100]))
    default:
      return random.chance(0.5) ? text.toUpperCase() : [...text].reverse().join('')
  }
}

/** Bytes of which some are others, gone, doubled or new. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const from = random.int(0, bytes.length)
  const to = random.int(from, Math.min(bytes.length, from + random.pick([1, 4, 64, 4096])))
  const [before, middle, after] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)]
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => random.int(0, 255)))
  switch (random.int(0, 5)) {
    case 0:
      return Buffer.concat([before, noise(middle.length), after])
    case 1:
      return Buffer.concat([before, after])
    case 2:
      return Buffer.from(before)
    case 3:
      return Buffer.concat([before, middle, middle, after])
    case 4:
      return Buffer.concat([before, Buffer.alloc(random.pick([1, 16, 5000])), after])
    default:
      return Buffer.concat([before, noise(random.int(1, 16)), after])
  }
}
