import type { Role } from '../../shared/staff.ts'
import { toIso } from '../../shared/time.ts'
import type { Sees } from '../access/staff/accounts.ts'
import { csrfTokenOf, openSession } from '../access/staff/sessions.ts'
import type { TestCloud } from '../testing/cloud.ts'

const HOST = 'cloud.test'

interface Wanted extends Partial<Sees> {
  name: string
  roles: Role[]
  isProven?: boolean
}

/** A member of the staff at a browser, signed in without a password and its cost; says what the API answers. */
export async function signInAs({ sql, app, clock }: TestCloud, wanted: Wanted) {
  const { name, roles, programmes = null, stores = null, isProven = true } = wanted
  await sql`
    insert into staff (name, roles, programmes, stores, created_at)
    values (${name}, ${roles}, ${programmes}, ${stores}, ${toIso(clock.now)})
    on conflict (name) do update
    set roles = excluded.roles, programmes = excluded.programmes, stores = excluded.stores, disabled_at = null`
  const from = { ip: '10.0.0.1', userAgent: 'a browser' }
  const token = await sql.begin((sql) => openSession(sql, { account: name, isProven, from, now: clock.now }))
  const csrf = csrfTokenOf(token)

  async function ask(method: string, path: string, json?: unknown, headers: Record<string, string> = {}) {
    const response = await app.request(`http://${HOST}${path}`, {
      method,
      headers: {
        ...{ host: HOST, origin: `http://${HOST}`, cookie: `kopilka_staff=${token}`, 'x-csrf-token': csrf },
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }

  return {
    name,
    token,
    csrf,
    ask,
    get: (path: string) => ask('GET', path),
    act: (name: string, input: unknown, key: string = crypto.randomUUID()) =>
      ask('POST', `/v1/console/acts/${name}`, input, { 'idempotency-key': key }),
  }
}
