import type { Chats, Sight } from './chats.ts'

export interface PersonOptions {
  id: number
  firstName?: string
  languageCode?: string | undefined
}

interface World {
  chats: Chats
  push(content: Record<string, unknown>): number
  until<T>(look: () => T | undefined, what: string): Promise<T>
}

/** A person with Telegram in the hand, in a private chat with the bot. */
export function createPerson({ chats, push, until }: World, options: PersonOptions) {
  const { id, firstName = 'Анна', languageCode = 'ru' } = options
  const from = { id, is_bot: false, first_name: firstName, language_code: languageCode }
  const chat = chats.open(id)
  const place = { id, type: 'private', first_name: firstName }
  let read = chat.sights.length

  function sends(content: Record<string, unknown>): number {
    const message = {
      message_id: chats.nextMessageId(),
      date: Math.floor(Date.now() / 1000),
      from,
      chat: place,
    }
    return push({ message: { ...message, ...content } })
  }

  function taps(data: string, messageId: number): number {
    const queryId = `${id}-${chats.nextMessageId()}`
    chats.tapped(queryId, id)
    const shown = chat.messages.get(messageId)
    const message = shown
      ? { message_id: messageId, date: 1, chat: place, text: shown.text }
      : { message_id: messageId, date: 0, chat: place }
    return push({ callback_query: { id: queryId, from, chat_instance: '1', message, data } })
  }

  function member(status: 'kicked' | 'member') {
    chat.isBlocked = status === 'kicked'
    const user = { id: 1, is_bot: true, first_name: 'bot' }
    const was = { user, status: status === 'kicked' ? 'member' : 'kicked' }
    return push({
      my_chat_member: { chat: place, from, date: 1, old_chat_member: was, new_chat_member: { user, status } },
    })
  }

  return {
    id,
    from,
    chat,
    sends,
    says: (text: string) =>
      sends({
        text,
        ...(text.startsWith('/') && {
          entities: [{ type: 'bot_command', offset: 0, length: text.split(/\s/)[0]?.length ?? 0 }],
        }),
      }),
    /** Sends this callback data, as if a message had such a button. */
    forges: (data: string, messageId = 999_999) => taps(data, messageId),
    /** Taps a button of the newest message that has it. */
    async taps(label: string | RegExp): Promise<void> {
      const has = (text: string) => (typeof label === 'string' ? text === label : label.test(text))
      const [data, messageId] = await until(() => {
        for (const message of [...chat.messages.values()].reverse()) {
          const button = message.buttons.find(({ text }) => has(text))
          if (button?.data !== undefined) return [button.data, message.messageId] as const
        }
        return undefined
      }, `a button ${label}`)
      taps(data, messageId)
    },
    /** Waits for what the bot shows next, and looks at nothing before it again. */
    async sees(what: RegExp = /^/): Promise<Sight> {
      return await until(
        () => {
          const index = chat.sights.findIndex(({ text }, at) => at >= read && what.test(text))
          if (index < 0) return undefined
          read = index + 1
          return chat.sights[index]
        },
        `${what} (seen: ${JSON.stringify(chat.sights.slice(read).map(({ text }) => text))})`,
      )
    },
    /** What was shown and not looked at yet. */
    unseen: () => chat.sights.slice(read),
    blocks: () => member('kicked'),
    unblocks: () => member('member'),
  }
}
