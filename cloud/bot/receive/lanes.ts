import type { Update } from 'grammy/types'

/** The shops come first: people in chats have at most this many of the database's connections. */
const LANES = 4

/** What one person sends is handled in its order; people do not wait for each other. */
export async function handleInLanes(
  updates: Update[],
  handle: (update: Update) => Promise<void>,
): Promise<void> {
  const queues = [...Map.groupBy(updates, personOf).values()]
  const lane = async () => {
    for (let queue = queues.shift(); queue; queue = queues.shift()) {
      for (const update of queue) await handle(update)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

function personOf(update: Update): number {
  const { message, callback_query: tap, my_chat_member: membership } = update
  return (message ?? tap ?? membership)?.from?.id ?? 0
}
