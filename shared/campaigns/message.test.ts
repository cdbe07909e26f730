import { describe, expect, it } from 'vitest'
import { campaignSchema } from './campaign.ts'
import { campaignMessageSchema, textOfMessage } from './message.ts'
import { quietUntil } from './quietHours.ts'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const anna = { firstName: 'Анна', language: 'ru' as const, points: 1042 }
const spring = { gift: { points: 51 }, until: '2026-03-31' }

/** Without the line that every message ends with. */
function read(text: string, reader: object = {}, around: object = spring, more: object = {}): string {
  const message = campaignMessageSchema.parse({ text, ...more })
  const written = plain(textOfMessage(message, { ...anna, ...reader }, around))
  expect(written).toMatch(/\n\n[^\n]*\/notify$/)
  return written.slice(0, written.lastIndexOf('\n\n'))
}

describe('a message', () => {
  it.each<[string, string, object]>([
    ['{name}, дарим {gift} до {date}.', 'Анна, дарим 51 балл до 31 марта.', {}],
    ['На карте {points}', 'На карте 1 042 балла', {}],
    ['На карте {points}', 'На карте 11 баллов', { points: 11 }],
    ['{name}, дарим {gift}', 'Дарим 51 балл', { firstName: null }],
    ['Привет! {name}, ждём вас.', 'Привет! Ждём вас.', { firstName: '' }],
    ['Спасибо, {name}!', 'Спасибо!', { firstName: null }],
    ['Ждём {name} в гости', 'Ждём в гости', { firstName: null }],
    // What somebody is called is no template.
    ['{name}, дарим {gift}', '{points}, дарим 51 балл', { firstName: '{points}' }],
    ['Скидка {2 за 1 и $& сегодня', 'Скидка {2 за 1 и $& сегодня', {}],
  ])('%s is %s', (text, is, reader) => {
    expect(read(text, reader)).toBe(is)
  })

  it('is in English for who has chosen it, where there is such a text', () => {
    const english = { language: 'en' }
    expect(read('Дарим {gift} до {date}', english, spring, { text_en: '{gift} until {date}' })).toBe(
      '51 points until 31 March',
    )
    expect(read('Дарим {gift}', english)).toBe('Дарим 51 балл')
  })

  it.each(['Скидка {скидка}', '{Name}', '{}', '', '   ', 'я'.repeat(1001), 'a\0b'])(
    'cannot be %j',
    (text) => {
      expect(campaignMessageSchema.safeParse({ text }).success).toBe(false)
    },
  )

  it.each<[string, object]>([
    ['{gift}', {}],
    ['{date}', { gift: { points: 5 } }],
  ])('with %s needs what it says', (text, more) => {
    const written = { name: 'spring', title: 'Весна', purpose: 'вернуть', message: { text }, ...more }
    expect(campaignSchema.safeParse(written).success).toBe(false)
    const whole = { ...written, gift: { points: 5 }, until: '2026-03-31' }
    expect(campaignSchema.safeParse(whole).success).toBe(true)
  })

  it('may be all that a campaign has', () => {
    const written = { name: 'news', title: 'Новости', purpose: 'рассказать', message: { text: 'Открылись' } }
    expect(campaignSchema.safeParse(written).success).toBe(true)
  })
})

describe('quiet hours', () => {
  it.each([
    ['Europe/Moscow', '2026-03-01T05:59:59.999Z', '2026-03-01T06:00:00.000Z'],
    ['Europe/Moscow', '2026-03-01T06:00:00.000Z', null],
    ['Europe/Moscow', '2026-03-01T18:59:59.999Z', null],
    ['Europe/Moscow', '2026-03-01T19:00:00.000Z', '2026-03-02T06:00:00.000Z'],
    ['Asia/Vladivostok', '2026-03-01T12:00:00.000Z', '2026-03-01T23:00:00.000Z'],
    // The clock goes forward, and back, in the night before.
    ['Europe/Berlin', '2026-03-28T22:30:00.000Z', '2026-03-29T07:00:00.000Z'],
    ['Europe/Berlin', '2026-03-28T23:30:00.000Z', '2026-03-29T07:00:00.000Z'],
    ['Europe/Berlin', '2026-10-24T21:00:00.000Z', '2026-10-25T08:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T01:30:00.000Z', '2026-10-25T08:00:00.000Z'],
  ])('of %s at %s end %s', (timeZone, at, end) => {
    const until = quietUntil(Date.parse(at), timeZone)
    expect(until === null ? null : new Date(until).toISOString()).toBe(end)
  })
})
