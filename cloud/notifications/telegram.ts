import { Api, GrammyError, HttpError } from 'grammy'

/** To a person, or to a chat by its number or @name. */
export type Send = (message: { chatId: number | string; text: string }) => Promise<Sending>

/** How Telegram took a message. */
export type Sending =
  | { status: 'sent' }
  /** Telegram wants none from us for a while. */
  | { status: 'slow_down'; seconds: number }
  /** The person has blocked the bot, or is no longer in Telegram. */
  | { status: 'blocked'; problem: string }
  /** Telegram would refuse the same message again. A group that has become a larger one has moved to another number. */
  | { status: 'refused'; problem: string; movedTo?: number | undefined }
  /** Telegram has a problem of its own with this one. */
  | { status: 'failed'; problem: string }
  /** Telegram does not answer, or does not know the bot: no message is to blame. */
  | { status: 'away'; problem: string }

/** Far less than the lease of a message, so that no other process can be sending it at the same time. */
const TIMEOUT_SECONDS = 10

export function openTelegram({ token, apiUrl }: { token: string; apiUrl: string }): Send {
  const api = new Api(token, { apiRoot: apiUrl, timeoutSeconds: TIMEOUT_SECONDS })
  return async ({ chatId, text }) => {
    try {
      await api.sendMessage(chatId, text, { link_preview_options: { is_disabled: true } })
      return { status: 'sent' }
    } catch (error) {
      if (error instanceof GrammyError) return answerOf(error)
      if (error instanceof HttpError) return { status: 'away', problem: `no answer: ${causeOf(error)}` }
      throw error
    }
  }
}

const NOBODY_THERE = /chat not found|user is deactivated|user not found|peer_id_invalid/i
/** 401 and 404: the token is no bot's. 502 to 504: a gateway without Telegram behind it. */
const NOT_LET_IN = new Set([401, 404, 502, 503, 504])

function answerOf({ error_code: code, description, parameters }: GrammyError): Sending {
  const problem = `${code}: ${description}`
  if (code === 429) return { status: 'slow_down', seconds: parameters.retry_after ?? 1 }
  if (code === 403 || (code === 400 && NOBODY_THERE.test(description))) return { status: 'blocked', problem }
  if (NOT_LET_IN.has(code)) return { status: 'away', problem }
  if (code >= 500) return { status: 'failed', problem }
  return { status: 'refused', problem, movedTo: parameters.migrate_to_chat_id }
}

/** The code alone: an address would tell the token. */
function causeOf({ error }: HttpError): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
