import type { Update } from 'grammy/types'

/** The shops come first: people in chats have at most this many of the database's connections. */
const LANES = 4

/**
 * What one person sends is handled in its order; people do not wait for each other. When the signal says to stop, what
 * was begun is ended and the rest is handed back: a hundred updates may take minutes while Telegram is slow.
 */
export async function handleInLanes(
  updates: Update[],
  handle: (update: Update) => Promise<void>,
  signal: AbortSignal,
): Promise<Update[]> {
  const queues = [...Map.groupBy(updates, personOf).values()]
  const left: Update[] = []
  const lane = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      for (const update of queue) {
        if (signal.aborted) left.push(update)
        else await handle(update)
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return left
}

function personOf(update: Update): number {
  const { message, callback_query: tap, my_chat_member: membership } = update
  return (message ?? tap ?? membership)?.from?.id ?? 0
}
