import { hashInitData } from '../access/people/initData.ts'

export interface DemoUser {
  id: number
  first_name: string
  language_code?: string
  is_bot?: boolean
}

/** What Telegram would hand a Mini App, signed with a token that is ours: for the demo and for tests. */
export function signInitData(
  user: DemoUser,
  { token, now, more = {} }: { token: string; now: number; more?: Record<string, string> },
): string {
  const fields = Object.entries({
    user: JSON.stringify(user),
    auth_date: String(Math.floor(now / 1000)),
    ...more,
  })
  return new URLSearchParams([...fields, ['hash', hashInitData(fields, token)]]).toString()
}
