import { z } from 'zod'
import type { Language } from '../me.ts'
import { storableSchema } from '../text.ts'
import { englishWords, russianWords } from '../words/words.ts'

/** What may stand in braces: who reads it, what is on their card, what they were given, and the campaign's last day. */
const PLACES = ['name', 'points', 'gift', 'date'] as const
type Place = (typeof PLACES)[number]

const isPlace = (word: string): word is Place => (PLACES as readonly string[]).includes(word)

/** A message of Telegram has room for four times as much. */
const template = storableSchema(1000)
  .trim()
  .min(1)
  .superRefine((text, context) => {
    for (const word of wordsIn(text))
      if (!isPlace(word))
        context.addIssue({
          code: 'custom',
          message: `there is no {${word}}: what may stand in braces is ${PLACES.map((place) => `{${place}}`).join(', ')}`,
        })
  })

/** What people read in Telegram. */
export const campaignMessageSchema = z.strictObject({
  text: template.meta({
    title: 'Text',
    description:
      '{name}, {points} of the card, {gift} of the campaign and {date}, its last day, are filled in. How to stop such messages is added.',
  }),
  text_en: template.optional().meta({
    title: 'The same in English',
    description: 'For who has chosen English; left out: they read the other one.',
  }),
})
export type CampaignMessage = z.infer<typeof campaignMessageSchema>

function wordsIn(text: string): string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map(([, word = '']) => word)
}

/** Whether any text of it has such a place. */
export const hasPlace = ({ text, text_en = '' }: CampaignMessage, place: Place) =>
  wordsIn(`${text}${text_en}`).includes(place)

/** Of whom it is written. */
export interface Reader {
  firstName: string | null
  language: Language
  /** On the card. */
  points: number
}

/** What of the campaign it says. */
interface Around {
  gift?: { points: number } | undefined
  until?: string | undefined
}

const words = {
  ru: { points: russianWords.points, locale: 'ru', stop: 'Не присылать акции: /notify' },
  en: { points: englishWords.points, locale: 'en-GB', stop: 'No more offers: /notify' },
}

/** Plain text, as it arrives. */
export function textOfMessage(
  { text, text_en }: CampaignMessage,
  { firstName, language, points }: Reader,
  { gift, until }: Around,
): string {
  const isEnglish = language === 'en' && text_en !== undefined
  const { points: counted, locale, stop } = words[isEnglish ? 'en' : 'ru']
  const values: Record<Place, string> = {
    name: firstName ?? '',
    points: counted(points),
    gift: counted(gift?.points ?? 0),
    date: until === undefined ? '' : dayOf(until, locale),
  }
  const template = isEnglish ? text_en : text
  // In one go: what a name says is no template.
  const filled = (firstName ? template : withoutName(template)).replace(/\{([^{}]*)\}/g, (whole, word) =>
    isPlace(word) ? values[word] : whole,
  )
  return `${filled}\n\n${stop}`
}

/** As it will be read: by then the gift is on their card, where it is not there already. */
export function textToCome(
  message: CampaignMessage,
  { points, hasGift = false, ...reader }: Reader & { hasGift?: boolean },
  around: Around,
): string {
  const given = hasGift ? 0 : (around.gift?.points ?? 0)
  return textOfMessage(message, { ...reader, points: points + given }, around)
}

/** Readers for an example, where no real one is shown. */
export const exampleReaders: Record<Language, Reader> = {
  ru: { firstName: 'Анна', language: 'ru', points: 250 },
  en: { firstName: 'Anna', language: 'en', points: 250 },
}

/** Of who has none: `{name}, we have` is `We have`, and `Thank you, {name}!` is `Thank you!` */
function withoutName(template: string): string {
  return template
    .replace(
      /(^|[.!?\n]\s*)\{name\},\s*(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    )
    .replace(/(,\s*|\s+)?\{name\}/g, '')
    .trim()
}

/** `2026-03-31`, with or without a time: `31 марта`. */
function dayOf(moment: string, locale: string): string {
  const day = Date.parse(`${moment.slice(0, 10)}T00:00:00.000Z`)
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(day)
}
