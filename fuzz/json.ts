import type { Random } from '../desktop/register/rig/random.ts'
import { STRANGE_KEYS, STRANGE_NUMBERS, STRANGE_TEXTS } from './strange.ts'
import { mutateText } from './text.ts'

/** JSON that may be no JSON: an object may have a key twice, and a token may be anything. */
export type Json =
  | { is: 'token'; text: string }
  | { is: 'text'; text: string }
  | { is: 'array'; items: Json[] }
  | { is: 'object'; entries: [key: string, value: Json][] }

export function jsonOf(value: unknown): Json {
  if (typeof value === 'string') return { is: 'text', text: value }
  if (Array.isArray(value)) return { is: 'array', items: value.map(jsonOf) }
  if (typeof value === 'object' && value !== null)
    return { is: 'object', entries: Object.entries(value).map(([key, value]) => [key, jsonOf(value)]) }
  return { is: 'token', text: JSON.stringify(value) ?? 'null' }
}

export function writeJson(json: Json): string {
  switch (json.is) {
    case 'token':
      return json.text
    case 'text':
      return JSON.stringify(json.text)
    case 'array':
      return `[${json.items.map(writeJson).join(',')}]`
    case 'object':
      return `{${json.entries.map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`).join(',')}}`
  }
}

/** The same, but for one place in it that is another now. */
export function mutateJson(json: Json, random: Random): Json {
  const children = childrenOf(json)
  const isHere = children.length === 0 || random.chance(0.3)
  if (isHere) return mutateHere(json, random)
  const chosen = random.int(0, children.length - 1)
  const changed = mutateJson(children[chosen] ?? json, random)
  // By its place: an array may hold the very same item thousands of times.
  const next = (child: Json, place: number) => (place === chosen ? changed : child)
  if (json.is === 'array') return { is: 'array', items: json.items.map(next) }
  if (json.is === 'object')
    return { is: 'object', entries: json.entries.map(([key, value], place) => [key, next(value, place)]) }
  return json
}

function childrenOf(json: Json): Json[] {
  if (json.is === 'array') return json.items
  if (json.is === 'object') return json.entries.map(([, value]) => value)
  return []
}

function mutateHere(json: Json, random: Random): Json {
  if (random.chance(0.35)) return anything(json, random)
  switch (json.is) {
    case 'token':
      return { is: 'token', text: random.pick(STRANGE_NUMBERS) }
    case 'text':
      return { is: 'text', text: mutateText(json.text, random) }
    case 'array':
      return mutateArray(json.items, random)
    case 'object':
      return mutateObject(json.entries, random)
  }
}

/** Something of another kind in its place. */
function anything(json: Json, random: Random): Json {
  switch (random.int(0, 6)) {
    case 0:
      return { is: 'token', text: random.pick(['null', 'true', 'false', ...STRANGE_NUMBERS]) }
    case 1:
      return { is: 'text', text: random.pick(STRANGE_TEXTS) }
    case 2:
      return { is: 'array', items: [json] }
    case 3:
      return { is: 'object', entries: [[random.pick(STRANGE_KEYS), json]] }
    case 4:
      return { is: 'token', text: nested(random) }
    case 5:
      return random.chance(0.5) ? { is: 'array', items: [] } : { is: 'object', entries: [] }
    default:
      return { is: 'token', text: random.pick(['', 'undefined', '{', ']', '"', '"\\u12"', '/*', "'x'"]) }
  }
}

/** So deep that a reader which calls itself for each level may not come back. */
function nested(random: Random): string {
  const depth = random.pick([20, 200, 2000, 20_000, 150_000])
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"__proto__":', '}]'],
  ] as const)
  const isClosed = random.chance(0.8)
  return open.repeat(depth) + (isClosed ? `1${close.repeat(depth)}` : '')
}

/** In characters: what is deep is not repeated until no string can hold it. */
const LONGEST_REPETITION = 4_000_000

function mutateArray(items: Json[], random: Random): Json {
  const some = items[random.int(0, Math.max(0, items.length - 1))]
  const wanted = random.pick([2, 10, 499, 501, 3000])
  const times = some ? Math.min(wanted, Math.ceil(LONGEST_REPETITION / (writeJson(some).length + 1))) : 0
  if (!some || random.chance(0.2)) return { is: 'array', items: [] }
  if (random.chance(0.5)) return { is: 'array', items: [...items, ...Array<Json>(times).fill(some)] }
  return { is: 'array', items: items.filter((item) => item !== some) }
}

function mutateObject(entries: [string, Json][], random: Random): Json {
  const index = random.int(0, Math.max(0, entries.length - 1))
  const [key = 'key', value = { is: 'token', text: '1' } as Json] = entries[index] ?? []
  const other = entries[random.int(0, Math.max(0, entries.length - 1))]?.[1] ?? value
  switch (random.int(0, 4)) {
    case 0:
      return { is: 'object', entries: entries.filter((_, place) => place !== index) }
    case 1:
      return { is: 'object', entries: [...entries, [key, mutateHere(value, random)]] }
    case 2:
      return { is: 'object', entries: [...entries, [random.pick(STRANGE_KEYS), other]] }
    case 3:
      return { is: 'object', entries: entries.map(([k, v], place) => [k, place === index ? other : v]) }
    default: {
      const count = random.pick([10, 1000, 20_000])
      const many = Array.from({ length: count }, (_, n): [string, Json] => [
        `k${n}`,
        { is: 'token', text: '1' },
      ])
      return { is: 'object', entries: [...entries, ...many] }
    }
  }
}
