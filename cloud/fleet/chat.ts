import { mendText } from '../../shared/text.ts'
import type { Config } from '../config.ts'
import type { Alert } from './alerts.ts'

/** Telegram takes 4096 characters; more lines than these nobody reads on a phone. */
const LINES = 20
const ANSWER_WITHIN_MS = 5000

export type Tell = (text: string) => Promise<void>

/** Words to the chat of IT; null where none is set up. It throws where they did not get there. */
export function chatOf({ alertsChatId, telegram }: Pick<Config, 'alertsChatId' | 'telegram'>): Tell | null {
  if (!alertsChatId || !telegram) return null
  const url = `${telegram.apiUrl}/bot${telegram.token}/sendMessage`
  return async (text) => {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: alertsChatId, text, link_preview_options: { is_disabled: true } }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    await reply.body?.cancel()
    if (!reply.ok) throw new Error(`Telegram answered ${reply.status}`)
  }
}

/** However many there are, one message. */
export function messageOf(alerts: Alert[]): string {
  const lines = alerts.slice(0, LINES).map(lineOf)
  const more = alerts.length - lines.length
  return [...lines, ...(more > 0 ? [`… and ${more} more: see /fleet`] : [])].join('\n')
}

function lineOf({ where, what, endedAt }: Alert): string {
  return mendText(`${endedAt === null ? '⚠️' : '✅ over:'} ${where ? `${where}: ` : ''}${what}`, 180)
}
