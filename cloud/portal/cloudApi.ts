import type {
  AgreeRequest,
  ChangeMe,
  ExpiryDay,
  HeardMe,
  HistoryPage,
  MyCode,
  NotRegistered,
} from '../../shared/me.ts'
import type { HeardMyVoucher } from '../../shared/myVoucher.ts'
import type { Reading } from '../../shared/reading.ts'
import type { HeardMyReferral } from '../../shared/referral.ts'
import type { Launch } from './telegram/launch.ts'

/** Why the cloud gave no answer that can be used. */
export type ProblemCode =
  | 'init_data_missing'
  | 'init_data_forged'
  | 'init_data_old'
  | 'init_data_reused'
  | 'no_mini_app'
  | 'consent_outdated'
  | 'registration_closed'
  | 'offline'
  | 'away'
  | 'busy'
  | 'failed'

/** Opening the app anew is the only way out of these. */
export const isFinal = (code: ProblemCode) =>
  code.startsWith('init_data') ||
  code === 'no_mini_app' ||
  code === 'consent_outdated' ||
  code === 'registration_closed'

export class Problem extends Error {
  readonly code: ProblemCode

  constructor(code: ProblemCode) {
    super(code)
    this.code = code
  }
}

/** The person of these init data is no customer yet; after their consent they are. */
export class Stranger extends Error {
  readonly toAgree: NotRegistered

  constructor(toAgree: NotRegistered) {
    super('not registered')
    this.toAgree = toAgree
  }
}

export type CloudApi = ReturnType<typeof openCloudApi>

const PATIENCE_MS = 10_000

/** The person's own routes of the cloud. Whatever goes wrong is a Problem, or that they are a Stranger. */
export function openCloudApi({ initData, session }: Launch) {
  const headers = { authorization: `tma ${initData}`, 'x-app-session': session }

  async function ask<Reply>(method: string, path: string, json?: unknown): Promise<Reply> {
    if (initData === '') throw new Problem('init_data_missing')
    const reply = await fetch(`/v1/me${path}`, {
      method,
      headers: json === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => {
      throw new Problem(navigator.onLine ? 'away' : 'offline')
    })
    const body: unknown = await reply.json().catch(() => null)
    if (!reply.ok) throw failureOf(reply.status, body)
    return body as Reply
  }

  return {
    me: () => ask<HeardMe>('GET', ''),
    agree: (agreed: AgreeRequest) => ask<HeardMe>('POST', '', agreed),
    change: (change: ChangeMe) => ask<HeardMe>('PATCH', '', change),
    erase: () => ask<{ erased: true }>('DELETE', ''),
    code: () => ask<MyCode>('GET', '/code'),
    history: (before: string | null) =>
      ask<Reading<HistoryPage>>('GET', `/history${before ? `?before=${encodeURIComponent(before)}` : ''}`),
    vouchers: () => ask<{ vouchers: HeardMyVoucher[] }>('GET', '/vouchers'),
    referral: () => ask<HeardMyReferral>('GET', '/referral'),
    expiry: () => ask<{ days: ExpiryDay[] }>('GET', '/expiry'),
  }
}

function failureOf(status: number, body: unknown): Problem | Stranger {
  const { code, details } = (body as { error?: { code?: string; details?: unknown } } | null)?.error ?? {}
  if (code === 'not_registered') return new Stranger(details as NotRegistered)
  if (code === 'consent_outdated' || code === 'no_mini_app' || code === 'registration_closed')
    return new Problem(code)
  if (status === 401) return new Problem(isInitDataCode(code) ? code : 'init_data_forged')
  if (status === 429) return new Problem('busy')
  return new Problem(status >= 500 ? 'away' : 'failed')
}

const initDataCodes = ['init_data_missing', 'init_data_forged', 'init_data_old', 'init_data_reused'] as const

function isInitDataCode(code: string | undefined): code is (typeof initDataCodes)[number] {
  return initDataCodes.some((known) => known === code)
}
