import { cheapen } from '../access/staff/testing.ts'
import { perform } from '../acts/act.ts'
import { addAccount } from '../acts/staff.ts'
import { byAdmin } from '../acts/testing.ts'
import type { TestCloud } from '../testing/cloud.ts'

const CLOUD_HOST = 'cloud.test'

/** A browser as far as these pages need one: it keeps a cookie and says where a form came from. */
export function createVisitor(
  cloud: TestCloud,
  { address = '10.0.0.1', host = CLOUD_HOST }: { address?: string; host?: string } = {},
) {
  let cookie = ''
  const env = { incoming: { socket: { remoteAddress: address, remotePort: 1, remoteFamily: 'IPv4' } } }

  async function ask(
    path: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ) {
    const headers = { host, ...(cookie && { cookie }), ...init.headers }
    const response = await cloud.app.request(`http://${host}${path}`, { ...init, headers }, env)
    const set = response.headers.get('set-cookie')
    if (set) cookie = set.split(';')[0] ?? ''
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  async function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
    return await ask(path, {
      method: 'POST',
      body: String(new URLSearchParams(form)),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: `http://${host}`, ...headers },
    })
  }

  return {
    get: (path: string, headers: Record<string, string> = {}) => ask(path, { headers }),
    post,
    signIn: (name: string, password: string, headers?: Record<string, string>) =>
      post('/fleet/login', { name, password }, headers),
    /** Opens the page of a form and sends it back, as a person does. */
    async submit(path: string, form: Record<string, string> = {}) {
      return await post(path, { csrf: csrfIn((await ask(path)).text), ...form })
    },
    cookie: () => cookie,
    csrf: async () => csrfIn((await ask('/fleet')).text),
  }
}

const csrfIn = (page: string) => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''

/** Its password; what a look at it costs is as in life only where that is the point. */
export async function makeAccount(
  { sql, clock }: TestCloud,
  name: string,
  { isDear = false } = {},
): Promise<string> {
  const { password } = await perform(addAccount, { name }, byAdmin(sql, clock.now))
  if (!isDear) await cheapen(sql, name, password)
  return password
}
