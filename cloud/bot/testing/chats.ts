import { z } from 'zod'
import { BotApiFailure, badRequest } from './failure.ts'
import { type Button, readButtons, renderText } from './markup.ts'
import type { Payload } from './payload.ts'

/** What a person sees happen in a chat, in order: a message, a changed message, an answer to a tap. */
export interface Sight {
  kind: 'message' | 'edit' | 'toast'
  messageId: number
  text: string
  buttons: Button[]
  photo: Uint8Array | undefined
}

export interface Chat {
  id: number
  sights: Sight[]
  isBlocked: boolean
  /** Messages of either that the bot took out. */
  deleted: number[]
  /** Messages of the bot as they are now. */
  messages: Map<number, Sight>
}

const LONGEST_TEXT = 4096
const LONGEST_CAPTION = 1024

const sendSchema = z.object({
  chat_id: z.coerce.number(),
  text: z.string().default(''),
  caption: z.string().default(''),
  parse_mode: z.string().optional(),
  reply_markup: z.unknown().optional(),
})
const editSchema = sendSchema.extend({ message_id: z.coerce.number() })
const deleteSchema = z.object({ chat_id: z.coerce.number(), message_id: z.coerce.number() })
const answerSchema = z.object({ callback_query_id: z.string(), text: z.string().max(200).optional() })

/** The chats of one bot: what it may do in them, and what it did. */
export function createChats(now: () => number) {
  const chats = new Map<number, Chat>()
  const taps = new Map<string, number>()
  let lastMessage = 0

  /** Telegram knows a private chat since its person wrote first. */
  function open(id: number): Chat {
    const chat = chats.get(id) ?? { id, sights: [], isBlocked: false, deleted: [], messages: new Map() }
    chats.set(id, chat)
    return chat
  }

  function writable(id: number): Chat {
    const chat = chats.get(id)
    if (!chat) throw badRequest('chat not found')
    if (chat.isBlocked) throw new BotApiFailure(403, 'Forbidden: bot was blocked by the user')
    return chat
  }

  function keep(chat: Chat, sight: Sight) {
    chat.messages.set(sight.messageId, sight)
    chat.sights.push(sight)
    const { messageId: message_id, text } = sight
    return { message_id, date: Math.floor(now() / 1000), chat: { id: chat.id, type: 'private' }, text }
  }

  const methods: Record<string, (payload: Payload) => unknown> = {
    sendMessage({ fields }) {
      const given = sendSchema.parse(fields)
      const chat = writable(given.chat_id)
      const text = renderText(given.text, given.parse_mode)
      if (text.trim() === '') throw badRequest('message text is empty')
      if (text.length > LONGEST_TEXT) throw badRequest('message is too long')
      const buttons = readButtons(given.reply_markup)
      lastMessage += 1
      return keep(chat, { kind: 'message', messageId: lastMessage, text, buttons, photo: undefined })
    },
    sendPhoto({ fields, files }) {
      const given = sendSchema.parse(fields)
      const chat = writable(given.chat_id)
      const { photo } = files
      if (!photo) throw badRequest('there is no photo in the request')
      const text = renderText(given.caption, given.parse_mode)
      if (text.length > LONGEST_CAPTION) throw badRequest('message caption is too long')
      const buttons = readButtons(given.reply_markup)
      lastMessage += 1
      return keep(chat, { kind: 'message', messageId: lastMessage, text, buttons, photo })
    },
    editMessageText({ fields }) {
      const given = editSchema.parse(fields)
      const chat = writable(given.chat_id)
      const shown = chat.messages.get(given.message_id)
      if (!shown) throw badRequest('message to edit not found')
      if (shown.photo) throw badRequest('there is no text in the message to edit')
      const text = renderText(given.text, given.parse_mode)
      const buttons = readButtons(given.reply_markup)
      if (text === shown.text && JSON.stringify(buttons) === JSON.stringify(shown.buttons)) {
        throw badRequest(
          'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
        )
      }
      return keep(chat, { ...shown, kind: 'edit', text, buttons })
    },
    deleteMessage({ fields }) {
      const { chat_id, message_id } = deleteSchema.parse(fields)
      const chat = writable(chat_id)
      if (message_id > lastMessage) throw badRequest('message to delete not found')
      chat.messages.delete(message_id)
      chat.deleted.push(message_id)
      return true
    },
    answerCallbackQuery({ fields }) {
      const { callback_query_id: id, text } = answerSchema.parse(fields)
      const chatId = taps.get(id)
      if (chatId === undefined) {
        throw badRequest('query is too old and response timeout expired or query ID is invalid')
      }
      taps.delete(id)
      if (text) open(chatId).sights.push({ kind: 'toast', messageId: 0, text, buttons: [], photo: undefined })
      return true
    },
  }

  return {
    methods,
    open,
    /** A button was tapped: it may be answered once. */
    tapped(queryId: string, chatId: number) {
      taps.set(queryId, chatId)
    },
    nextMessageId: () => ++lastMessage,
  }
}

export type Chats = ReturnType<typeof createChats>
