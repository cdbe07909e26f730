import { mendText, shownLine } from '../../shared/text.ts'
import type { Config } from '../config.ts'
import { openTelegram } from '../notifications/telegram.ts'
import type { Alert } from './alerts.ts'

/** Telegram takes 4096 characters; more lines than these are not read on a phone. */
const LINES = 20

export type Tell = (text: string) => Promise<void>

/** Words to the chat of IT; null where none is set up. It throws where they did not get there. */
export function chatOf({ alertsChatId, telegram }: Pick<Config, 'alertsChatId' | 'telegram'>): Tell | null {
  if (!alertsChatId || !telegram) return null
  const send = openTelegram(telegram)
  let chatId: number | string = alertsChatId
  return async (text) => {
    let sending = await send({ chatId, text })
    if (sending.status === 'refused' && sending.movedTo !== undefined) {
      chatId = sending.movedTo
      sending = await send({ chatId, text })
    }
    if (sending.status === 'sent') return
    const why = 'problem' in sending ? sending.problem : `not for ${sending.seconds} s`
    throw new Error(`Telegram did not take it: ${why}`)
  }
}

/** However many there are, one message. */
export function messageOf(alerts: Alert[]): string {
  const lines = alerts.slice(0, LINES).map(lineOf)
  const more = alerts.length - lines.length
  return [...lines, ...(more > 0 ? [`… and ${more} more: see /fleet`] : [])].join('\n')
}

function lineOf({ where, what, endedAt }: Alert): string {
  return shownLine(
    mendText(`${endedAt === null ? '⚠️' : '✅ over:'} ${where ? `${where}: ` : ''}${what}`, 180),
  )
}
