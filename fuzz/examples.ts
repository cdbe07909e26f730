import type { Random } from '../desktop/register/rig/random.ts'
import { advertisingVersion, consentVersion } from '../shared/consent.ts'
import { toIso } from '../shared/time.ts'
import { type HttpRequest, request } from './request.ts'
import { type Schema, sampleOf } from './sample.ts'
import { METRICS_TOKEN, type World } from './world.ts'

/** A valid request of a route, made anew for each try. */
export interface Example {
  name: string
  weight: number
  /** No answer of it is larger. */
  largestBytes: number
  make(random: Random): HttpRequest
}

export interface OpenApi {
  paths: Record<string, Record<string, OpenApiRoute>>
  components: { schemas: Record<string, Schema> }
}

interface OpenApiRoute {
  security?: Record<string, string[]>[]
  parameters?: { name: string; in: string; schema: Schema; required?: boolean }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

const KB = 1024
const SMALL = 64 * KB
/** Routes that are made to answer with much: a page of customers, 500 outcomes, a history. */
const LARGE: Record<string, number> = {
  'POST /v1/operations': 1024 * KB,
  'GET /v1/operations': 256 * KB,
  'GET /v1/customers/changes': 2048 * KB,
  // The codes of a batch of vouchers.
  'POST /v1/console/acts/{name}': 2048 * KB,
  'GET /v1/me/vouchers': 256 * KB,
  'GET /v1/console/proposals': 256 * KB,
  'GET /v1/console/audit-log': 512 * KB,
  'GET /v1/console/staff': 512 * KB,
  'GET /v1/console/customers': 256 * KB,
  'GET /v1/console/customers/{id}/timeline': 512 * KB,
  'GET /v1/console/discrepancies': 512 * KB,
  'GET /v1/console/segments': 256 * KB,
  'GET /v1/console/vouchers': 256 * KB,
  'GET /v1/console/statuses/changes': 256 * KB,
  'GET /v1/console/referrals': 256 * KB,
  'GET /v1/console/registers': 256 * KB,
  'GET /v1/console/books': 512 * KB,
  'GET /v1/console/book-trial': 512 * KB,
  'GET /v1/console/campaigns': 256 * KB,
}

/** Every route that the API itself describes; a new one is among them at once. */
export function describedExamples(openApi: OpenApi, world: World): Example[] {
  return Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => {
      const name = `${method.toUpperCase()} ${path}`
      return {
        name,
        weight: name === 'POST /v1/operations' ? 4 : 2,
        largestBytes: LARGE[name] ?? SMALL,
        make: (random: Random) => described(method.toUpperCase(), path, route, { openApi, world, random }),
      }
    }),
  )
}

function described(
  method: string,
  path: string,
  route: OpenApiRoute,
  { openApi, world, random }: { openApi: OpenApi; world: World; random: Random },
): HttpRequest {
  const sampling = { components: openApi.components.schemas, known: knownIn(world, random), random }
  const asked = (route.parameters ?? []).filter(({ required }) => required || random.chance(0.6))
  const value = (parameter: { name: string; schema: Schema }) =>
    encodeURIComponent(String(sampleOf(parameter.schema, sampling, parameter.name)))
  const query = asked
    .filter((parameter) => parameter.in === 'query')
    .map((one) => `${one.name}=${value(one)}`)
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = asked.find((one) => one.name === name)
    return parameter ? value(parameter) : '1'
  })
  const schema = route.requestBody?.content['application/json']?.schema
  return request(method, query.length > 0 ? `${filled}?${query.join('&')}` : filled, {
    headers: headersFor(route, world, random),
    json: schema && sampleOf(schema, sampling),
  })
}

function headersFor({ security = [] }: OpenApiRoute, world: World, random: Random): [string, string][] {
  const schemes = security.flatMap((one) => Object.keys(one))
  if (schemes.includes('telegram'))
    return [
      ['authorization', `tma ${world.initData}`],
      ['x-app-session', 'the-fuzzer'],
    ]
  if (schemes.includes('staff'))
    return [
      ['cookie', `kopilka_staff=${world.itToken}`],
      ['x-csrf-token', world.csrf],
      ['idempotency-key', `fuzz-${random.int(1, 1_000_000)}`],
    ]
  if (schemes.includes('agent')) return [['x-store-api-key', world.key]]
  return schemes.length > 0 ? [['authorization', `Bearer ${world.key}`]] : []
}

/** A third of the ids are the same ones over and over, so that operations meet their originals and themselves. */
function knownIn(world: World, random: Random): Record<string, () => unknown> {
  const id = () => {
    const number = random.chance(0.33) ? random.int(1, 5) : random.int(6, 2 ** 40)
    return `0198c5a8-7b1e-7c3a-9f00-${String(number % 10 ** 12).padStart(12, '0')}`
  }
  return {
    id,
    redeemId: id,
    originalId: id,
    at: () => toIso(world.now + random.int(-60_000, 60_000)),
    card: () => world.card,
    otherCard: () => world.plastic,
    code: () => random.pick([world.card, `99${world.card}`, world.pairingCode]),
    purchaseKopecks: () => random.pick([100, 12_345, 1_000_000]),
    points: () => random.pick([1, 10, 100]),
    voucher: () => random.pick(['A23456789B', 'TR7KX2WQ9P']),
    consentVersion: () => consentVersion,
    advertisingVersion: () => advertisingVersion,
    version: () => world.version,
    document: () => ({ base: { lifetime_days: random.int(1, 90) } }),
    follows: () => 1,
    limit: () => 10,
    before: () => toIso(world.now),
    day: () => toIso(world.now).slice(0, 10),
  }
}

/** What OpenAPI does not describe: pages, files, and what Telegram and Prometheus ask. */
export function otherExamples(world: World): Example[] {
  const it: [string, string][] = [['cookie', `kopilka_it=${world.itToken}`]]
  const get = (path: string, headers: [string, string][] = [], largestBytes = SMALL): Example => ({
    name: `GET ${path}`,
    weight: 1,
    largestBytes,
    make: () => request('GET', path, { headers }),
  })
  const staff: [string, string][] = [['cookie', `kopilka_staff=${world.itToken}`]]
  const form = (path: string, fields: [string, string][], weight = 1): Example => ({
    name: `POST ${path}`,
    weight,
    largestBytes: SMALL,
    make: () =>
      request('POST', path, {
        headers: path.startsWith('/console/') ? staff : it,
        form: [['csrf', world.csrf], ...fields],
      }),
  })
  const register = `/fleet/registers/${world.registerId}`
  const installer = `Kopilka-Setup-${world.version}.exe`
  return [
    get('/'),
    get('/', [['accept', 'text/html']]),
    get('/docs', [], 512 * KB),
    get('/openapi.json', [], 512 * KB),
    get('/metrics', [['authorization', `Bearer ${METRICS_TOKEN}`]], 256 * KB),
    get('/console/login'),
    get('/console/welcome'),
    get('/console/assets/welcome.js'),
    get('/console/assets/passkey.js'),
    get('/console/passkey', [['host', 'localhost']]),
    get('/console', staff),
    get('/console/proposals?state=open', staff),
    get('/console/assets/index.js'),
    get('/console/account', staff, 512 * KB),
    get('/console/second-factor', staff),
    form('/console/second-factor', [['code', '123456']]),
    get('/console/passkeys/new', [...staff, ['host', 'localhost']]),
    form('/console/passkeys', [
      ['answer', '{}'],
      ['title', 'x'],
    ]),
    form('/console/passkeys/remove', [['id', 'x']]),
    form('/console/telegram', []),
    form('/console/telegram/remove', []),
    form('/console/passkey', [['answer', '{}']]),
    form('/console/sessions/0198c5a8-7b1e-7c3a-9f00-000000000001/end', [], 0.2),
    form('/console/logout', [], 0.2),
    form(
      '/console/login',
      [
        ['name', 'fuzz'],
        ['password', 'wrong'],
        ['code', '123456'],
      ],
      0.1,
    ),
    form('/console/welcome', [['token', 'x'.repeat(43)]], 0.2),
    get('/fleet/login'),
    get('/fleet/assets/page.js'),
    get('/assets/style.css'),
    get('/assets/icon.svg'),
    get('/fleet', it),
    get('/fleet?store=1&state=attention&version=1.4.0', it),
    get('/fleet/table?state=silent', it),
    get(register, it),
    get(`${register}/live`, it),
    get(`${register}/diagnostics/1`, it, 512 * KB),
    get(`${register}/revoke`, it),
    get(`${register}/code`, it),
    // A password costs the server a tenth of a second, and this one is asked for often enough by others.
    form(
      '/fleet/login',
      [
        ['name', 'fuzz'],
        ['password', 'wrong'],
      ],
      0.1,
    ),
    form('/fleet/logout', [], 0.2),
    form(`${register}/channel`, [['channel', 'beta']]),
    form(`${register}/code`, []),
    form(`${register}/diagnostics`, []),
    form(`${register}/revoke`, [], 0.3),
    get('/updates/stable/latest.yml'),
    get('/updates/beta/latest.yml', [['authorization', `Bearer ${world.key}`]]),
    get(`/updates/stable/${installer}`, [['range', 'bytes=0-99,200-299']], 1024 * KB),
    get(`/updates/stable/${installer}.blockmap`, [], 1024 * KB),
    get('/app', [], 1024 * KB),
    get('/app/assets/index.js', [], 1024 * KB),
    { ...webhookExample(world), weight: 3 },
    { ...settlingExample(world), weight: 4 },
  ].map((example) => ({
    ...example,
    make: (random: Random) => withOrigin(example.make(random)),
  }))
}

/** Forms come from our own page. */
function withOrigin(made: HttpRequest): HttpRequest {
  if (!made.form) return made
  return { ...made, headers: [...made.headers, ['host', 'fuzz.test'], ['origin', 'http://fuzz.test']] }
}

function webhookExample(world: World): Omit<Example, 'weight'> {
  const from = { id: 7, is_bot: false, first_name: 'Анна', language_code: 'ru' }
  const chat = { id: 7, type: 'private', first_name: 'Анна' }
  const message = (text: string) => ({
    message_id: 1,
    date: Math.floor(world.now / 1000),
    ...{ chat, from, text, entities: [{ type: 'bot_command', offset: 0, length: text.length }] },
  })
  return {
    name: 'POST /telegram/webhook',
    largestBytes: SMALL,
    make(random) {
      const data = random.pick([
        `agree:${consentVersion}`,
        'notify:purchases:off',
        `agree:${consentVersion}:0123456789ab`,
        `advertise:${advertisingVersion}`,
        'advertising:stop',
        'forget:654321',
        'history:',
        'card',
      ])
      const update = random.chance(0.7)
        ? {
            message: message(
              random.pick([
                '/start',
                '/start till-0123456789ab',
                '/card',
                '/balance',
                '/history',
                '/rules',
                '/notify',
                '/forget',
              ]),
            ),
          }
        : { callback_query: { id: '1', from, chat_instance: '1', data, message: message('x') } }
      return request('POST', '/telegram/webhook', {
        headers: [['x-telegram-bot-api-secret-token', world.webhookSecret]],
        json: { update_id: random.int(1, 1_000_000_000), ...update },
      })
    },
  }
}

const goodsFor = ({ purchaseKopecks }: { purchaseKopecks: number }) => [
  { sku: '0042', name: 'Чай', category: 'Чай', quantity: 0.25, kopecks: purchaseKopecks - 50 },
  { sku: '7', quantity: 2, kopecks: 50 },
]

/** A redemption, what settles it and what takes it back, in one request: so the inner rules are reached. */
function settlingExample(world: World): Omit<Example, 'weight'> {
  return {
    name: 'POST /v1/operations',
    largestBytes: 1024 * KB,
    make(random) {
      const id = knownIn(world, random).id as () => string
      const [earn, redeem] = [id(), id()]
      const common = { at: toIso(world.now) }
      const purchase = {
        card: world.card,
        purchaseKopecks: random.int(100, 1_000_000),
        confirmDuplicate: true,
      }
      const operations = [
        { kind: 'earn', id: earn, ...common, ...purchase, receipt: 'Ч-1', items: goodsFor(purchase) },
        { kind: 'redeem', id: redeem, ...common, ...purchase, points: random.int(1, 20) },
        random.chance(0.7)
          ? { kind: 'apply', id: id(), ...common, redeemId: redeem }
          : { kind: 'release', id: id(), ...common, redeemId: redeem, reason: 'нет' },
        { kind: 'refund', id: id(), ...common, originalId: random.pick([earn, redeem]), refundKopecks: 50 },
        { kind: 'merge', id: id(), ...common, card: world.card, otherCard: world.plastic },
      ]
      return request('POST', '/v1/operations', {
        headers: [['authorization', `Bearer ${random.chance(0.9) ? world.key : world.otherKey}`]],
        json: { operations },
      })
    },
  }
}
