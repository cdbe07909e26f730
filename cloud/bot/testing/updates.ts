import { z } from 'zod'
import { BotApiFailure } from './failure.ts'
import type { Payload } from './payload.ts'

export type Update = { update_id: number } & Record<string, unknown>

interface Webhook {
  url: string
  secret: string | undefined
}

interface Poll {
  answer(updates: Update[]): void
  refuse(failure: BotApiFailure): void
}

const pollSchema = z.object({
  offset: z.coerce.number().default(0),
  limit: z.coerce.number().min(1).max(100).default(100),
  timeout: z.coerce.number().default(0),
  allowed_updates: z.array(z.string()).optional(),
})
const webhookSchema = z.object({
  url: z.string(),
  secret_token: z
    .string()
    .regex(/^[\w-]{1,256}$/)
    .optional(),
  allowed_updates: z.array(z.string()).optional(),
})
const TAKEN = 'terminated by other getUpdates request; make sure that only one bot instance is running'
const HOOKED =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

/** What the bot has still to hear: fetched by one poller at a time, or posted to its webhook. */
export function createUpdates() {
  let waiting: Update[] = []
  let lastId = 0
  let allowed: string[] = []
  let webhook: Webhook | null = null
  let poll: Poll | null = null
  let origin: string | null = null
  let delivering: Promise<void> | null = null
  const stopping = new AbortController()

  /** One after the other; what is not answered 2xx stays first and comes again with the next update or webhook. */
  async function deliver(): Promise<void> {
    while (webhook && waiting[0] && !stopping.signal.aborted) {
      const [update] = waiting
      const { pathname, href } = new URL(webhook.url)
      const reply = await fetch(origin ? origin + pathname : href, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(webhook.secret && { 'x-telegram-bot-api-secret-token': webhook.secret }),
        },
        body: JSON.stringify(update),
        signal: stopping.signal,
      }).catch(() => null)
      if (!reply?.ok) return
      waiting = waiting.filter(({ update_id }) => update_id !== update.update_id)
    }
  }

  function nudge() {
    if (poll && waiting.length > 0) poll.answer(waiting)
    delivering ??= deliver().finally(() => {
      delivering = null
    })
  }

  const methods: Record<string, (payload: Payload, gone: AbortSignal) => unknown> = {
    getUpdates({ fields }, gone) {
      const { offset, limit, timeout, allowed_updates } = pollSchema.parse(fields)
      if (webhook) throw new BotApiFailure(409, `Conflict: ${HOOKED}`)
      poll?.refuse(new BotApiFailure(409, `Conflict: ${TAKEN}`))
      if (allowed_updates) allowed = allowed_updates
      waiting = waiting.filter(({ update_id }) => update_id >= offset)
      if (waiting.length > 0 || timeout === 0) return waiting.slice(0, limit)
      return new Promise<Update[]>((resolve, reject) => {
        const done = () => {
          clearTimeout(timer)
          if (poll === mine) poll = null
        }
        const answer = (updates: Update[]) => {
          done()
          resolve(updates.slice(0, limit))
        }
        const mine: Poll = {
          answer,
          refuse(failure) {
            done()
            reject(failure)
          },
        }
        const timer = setTimeout(() => answer([]), timeout * 1000)
        gone.addEventListener('abort', () => answer([]))
        poll = mine
      })
    },
    setWebhook({ fields }) {
      const given = webhookSchema.parse(fields)
      webhook = given.url ? { url: given.url, secret: given.secret_token } : null
      if (given.allowed_updates) allowed = given.allowed_updates
      nudge()
      return true
    },
    deleteWebhook() {
      webhook = null
      return true
    },
    getWebhookInfo: () => ({
      url: webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: waiting.length,
      allowed_updates: allowed,
    }),
  }

  return {
    methods,
    /** What the bot did not ask for is not kept for it. */
    push(content: Record<string, unknown>): number {
      lastId += 1
      const isAllowed = allowed.length === 0 || Object.keys(content).some((kind) => allowed.includes(kind))
      if (isAllowed) waiting.push({ update_id: lastId, ...content })
      nudge()
      return lastId
    },
    waiting: () => waiting,
    webhook: () => webhook,
    isPolled: () => poll !== null,
    /** Where the webhook's public address leads to on this machine, as a proxy would have it. */
    proxyTo(url: string) {
      origin = url
      nudge()
    },
    async stop() {
      stopping.abort()
      poll?.answer([])
      await delivering
    },
  }
}
