import { z } from 'zod'
import { badRequest } from './failure.ts'

export interface Button {
  text: string
  data: string | undefined
  webApp: string | undefined
  url: string | undefined
}

const LONGEST_DATA_BYTES = 64
const TAGS = ['b', 'strong', 'i', 'em', 'u', 's', 'code', 'pre', 'tg-spoiler', 'blockquote', 'a']
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** The text as a person sees it; like Telegram, it takes no tag that is open, unknown or crossed. */
export function renderText(text: string, parseMode: unknown): string {
  if (parseMode === undefined) return text
  if (parseMode !== 'HTML') throw badRequest('unsupported parse_mode')
  const open: string[] = []
  const rendered = text.replace(/<(\/?)([\w-]*)[^>]*>?|&(\w+);/g, (found, slash, tag, entity) => {
    if (entity) return ENTITIES[entity] ?? found
    if (!TAGS.includes(tag) || !found.endsWith('>')) {
      throw badRequest(`can't parse entities: Unsupported start tag "${tag}"`)
    }
    if (!slash) open.push(tag)
    else if (open.pop() !== tag) throw badRequest(`can't parse entities: unexpected end tag "${tag}"`)
    return ''
  })
  if (open.length > 0) throw badRequest(`can't parse entities: can't find end tag of "${open.at(-1)}"`)
  return rendered
}

const keyboardSchema = z.object({
  inline_keyboard: z.array(
    z.array(
      z.object({
        text: z.string().min(1),
        callback_data: z.string().optional(),
        url: z.string().optional(),
        web_app: z.object({ url: z.string() }).optional(),
      }),
    ),
  ),
})

/** The buttons under a message, with what Telegram refuses in them. */
export function readButtons(markup: unknown): Button[] {
  if (markup === undefined) return []
  const read = keyboardSchema.safeParse(markup)
  if (!read.success) throw badRequest("can't parse reply keyboard markup JSON object")
  return read.data.inline_keyboard.flat().map((button) => {
    const { text, callback_data: data, web_app, url } = button
    if ([data, web_app, url].filter((kind) => kind !== undefined).length !== 1) {
      throw badRequest(`text buttons are unallowed in the inline keyboard`)
    }
    if (data !== undefined && (data === '' || Buffer.byteLength(data) > LONGEST_DATA_BYTES)) {
      throw badRequest('BUTTON_DATA_INVALID')
    }
    if (web_app && !web_app.url.startsWith('https://')) {
      throw badRequest(
        `inline keyboard button Web App URL '${web_app.url}' is invalid: Only HTTPS links are allowed`,
      )
    }
    return { text, data, webApp: web_app?.url, url }
  })
}
