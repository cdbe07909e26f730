import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Api, GrammyError } from 'grammy'
import { HEARD } from '../bot.ts'
import { problemOf } from '../faults.ts'
import { type Connection, keepTrying } from './connection.ts'

export const WEBHOOK_PATH = '/telegram/webhook'
/** Of one process; Telegram would take forty. */
const MOST_AT_ONCE = 10

/** Made of the token, so that all processes agree on it and none has to keep it. */
export function webhookSecret(token: string): string {
  return createHmac('sha256', token).update('kopilka telegram webhook').digest('hex')
}

export function isGenuine(given: string | undefined, token: string): boolean {
  const right = Buffer.from(webhookSecret(token))
  const tried = Buffer.from(given ?? '')
  return tried.length === right.length && timingSafeEqual(tried, right)
}

/** Tells Telegram where to post what is new, and then has nothing to do. */
export async function listen(api: Api, publicUrl: string, connection: Connection): Promise<void> {
  await keepTrying(connection, async () => {
    try {
      await api.setWebhook(publicUrl + WEBHOOK_PATH, {
        secret_token: webhookSecret(connection.token),
        allowed_updates: [...HEARD],
        max_connections: MOST_AT_ONCE,
      })
    } catch (error) {
      if (error instanceof GrammyError && error.error_code === 400) {
        const problem = problemOf(error, connection.token)
        const todo = 'PUBLIC_URL must be an https address that Telegram can reach on port 443, 80, 88 or 8443'
        connection.log.error({ problem }, `Telegram does not take our address for its webhook: ${todo}`)
      }
      throw error
    }
  })
}
