import type { Random } from '../desktop/register/rig/random.ts'
import { type Json, jsonOf, mutateJson, writeJson } from './json.ts'
import { mutateBytes, mutateText } from './text.ts'

type Header = [name: string, value: string]

export interface HttpRequest {
  method: string
  /** With the query, as it goes over the wire. */
  path: string
  headers: Header[]
  json: Json | null
  form: Header[] | null
  /** What happens to the bytes when they are written, in this order. */
  faults: ((bytes: Buffer) => Buffer)[]
}

interface Given {
  headers?: Header[]
  json?: unknown
  form?: Header[]
}

export function request(method: string, path: string, { headers = [], json, form }: Given = {}): HttpRequest {
  return {
    method,
    path,
    headers,
    json: json === undefined ? null : jsonOf(json),
    form: form ?? null,
    faults: [],
  }
}

/** One thing about it is another. */
export function mutateRequest(given: HttpRequest, random: Random): HttpRequest {
  const what = random.weighted([
    ['body', given.json || given.form ? 60 : 0],
    ['path', 15],
    ['headers', 12],
    ['method', 3],
    ['bytes', 10],
  ] as const)
  switch (what) {
    case 'body':
      return mutateBody(given, random)
    case 'path':
      return { ...given, path: mutatePath(given.path, random) }
    case 'headers':
      return { ...given, headers: mutateHeaders(given.headers, random) }
    case 'method':
      return { ...given, method: random.pick(METHODS) }
    case 'bytes': {
      // Its own chance, so that what it does is the same however often it is written.
      const fault = random.fork(String(random.next()))
      return { ...given, faults: [...given.faults, (bytes) => faultOf(bytes, fault.fork('bytes'))] }
    }
  }
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'X',
]

function mutateBody(given: HttpRequest, random: Random): HttpRequest {
  if (given.json) return { ...given, json: mutateJson(given.json, random) }
  const form = given.form ?? []
  const index = random.int(0, Math.max(0, form.length - 1))
  const [name = 'name', value = ''] = form[index] ?? []
  const field: Header = random.chance(0.7)
    ? [name, mutateText(value, random)]
    : [mutateText(name, random), value]
  if (random.chance(0.2)) return { ...given, form: [...form, field] }
  return { ...given, form: form.map((old, place) => (place === index ? field : old)) }
}

const STRANGE_PATHS = [
  '%00',
  '%2f',
  '%2e%2e',
  '..',
  '%',
  '%zz',
  '%c3%28',
  '//',
  ';',
  '\\',
  '?',
  '*',
  '%ff',
  '%F0%9F%90%B7',
  'a'.repeat(9000),
]

function mutatePath(path: string, random: Random): string {
  const [pathname = '', query = ''] = path.split('?', 2)
  if (query && random.chance(0.6)) return `${pathname}?${mutateQuery(query, random)}`
  const segments = pathname.split('/')
  const index = random.int(0, segments.length - 1)
  const strange = random.chance(0.6)
    ? random.pick(STRANGE_PATHS)
    : encodeURIComponent(mutateTame(segments[index] ?? '', random))
  const changed = random.pick([
    () => segments.map((segment, place) => (place === index ? strange : segment)).join('/'),
    () => segments.map((segment, place) => (place === index ? segment + strange : segment)).join('/'),
    () => `/${pathname}`,
    () => `${pathname}/`,
    () => `${pathname}${strange}`,
    () => `http://127.0.0.1${pathname}`,
    () => pathname.toUpperCase(),
  ])()
  return query ? `${changed}?${query}` : changed
}

function mutateQuery(query: string, random: Random): string {
  const pairs = query.split('&')
  const index = random.int(0, pairs.length - 1)
  const [name = '', value = ''] = (pairs[index] ?? '').split('=', 2)
  const strange = random.chance(0.4)
    ? random.pick(STRANGE_PATHS)
    : encodeURIComponent(mutateTame(decoded(value), random))
  return random.pick([
    () => pairs.map((pair, place) => (place === index ? `${name}=${strange}` : pair)).join('&'),
    () => `${query}&${name}=${strange}`,
    () => pairs.filter((_, place) => place !== index).join('&'),
    () => `${query}&`.repeat(200),
    () => `${query}&${strange}=1`,
  ])()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Without halves of characters, which no percent sign can spell. */
const mutateTame = (text: string, random: Random) => mutateText(text, random).toWellFormed().slice(0, 10_000)

const ADDED: Header[] = [
  ['content-type', 'text/plain'],
  ['content-type', 'application/json; charset=utf-16'],
  ['content-type', 'multipart/form-data; boundary=x'],
  ['content-type', 'application/x-www-form-urlencoded'],
  ['content-encoding', 'gzip'],
  ['content-length', '5'],
  ['content-length', '99999999999999999999'],
  ['content-length', '-1'],
  ['transfer-encoding', 'chunked'],
  ['transfer-encoding', 'identity, gzip'],
  ['x-forwarded-for', '1.2.3.4, \u0000'],
  ['x-forwarded-for', ','.repeat(2000)],
  ['x-forwarded-proto', 'gopher'],
  ['host', ''],
  ['host', 'a b'],
  ['host', 'evil.test:99999'],
  ['origin', 'null'],
  ['origin', 'http://[::1'],
  ['cookie', `kopilka_it=${'x'.repeat(5000)}`],
  ['cookie', ';;;=;=%'],
  ['range', 'bytes=0-0,1-1,5-2,-0'],
  ['range', `bytes=${'0-0,'.repeat(1500)}1-1`],
  ['if-none-match', `W/"${'a'.repeat(3000)}"`],
  ['accept-encoding', 'br;q=x, *'],
  ['authorization', 'Bearer'],
  ['authorization', 'tma hash=x&hash=y'],
  ['expect', 'nonsense'],
  ['upgrade', 'websocket'],
]

function mutateHeaders(headers: Header[], random: Random): Header[] {
  const index = random.int(0, Math.max(0, headers.length - 1))
  const [name, value] = headers[index] ?? ['x-nothing', '1']
  return random.pick([
    () => [...headers, random.pick(ADDED)],
    () => [...headers.filter(([other]) => other !== name), random.pick(ADDED)],
    () => headers.filter((_, place) => place !== index),
    () => [...headers, [name, value] as Header],
    () => headers.map((old, place): Header => (place === index ? [name, mutateText(value, random)] : old)),
    () => [...headers, ['x-long', 'x'.repeat(20_000)] as Header],
  ])()
}

function faultOf(bytes: Buffer, random: Random): Buffer {
  const head = bytes.indexOf('\r\n\r\n')
  const place = random.int(0, 2)
  if (place === 0) return bytes.subarray(0, random.int(1, bytes.length))
  if (place === 1) return mutateBytes(bytes, random)
  return Buffer.concat([bytes.subarray(0, head + 4), mutateBytes(bytes.subarray(head + 4), random)])
}

/** As it goes over the wire. Header values are bytes, one for each character that has one. */
export function written(
  { method, path, headers, json, form, faults }: HttpRequest,
  host: string,
): { bytes: Buffer; isWhole: boolean } {
  const body = Buffer.from(json ? writeJson(json) : form ? formOf(form) : '')
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const own: Header[] = [
    ['host', host],
    ['connection', 'close'],
    ...(json ? [['content-type', 'application/json'] as Header] : []),
    ...(form ? [['content-type', 'application/x-www-form-urlencoded'] as Header] : []),
    ...(json || form ? [['content-length', String(body.length)] as Header] : []),
  ]
  const all = [...own.filter(([name]) => !names.has(name)), ...headers]
  const head = `${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  const bytes: Buffer = Buffer.concat([Buffer.from(head, 'latin1'), body])
  return {
    bytes: faults.reduce((bytes, fault) => fault(bytes), bytes),
    isWhole: faults.length === 0 && !isOdd(headers),
  }
}

/** Headers by which a server may wait for more than there is. */
const isOdd = (headers: Header[]) =>
  headers.some(([name]) =>
    ['content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade'].includes(name),
  )

const formOf = (form: Header[]) =>
  form
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`,
    )
    .join('&')
