import { expect, it } from 'vitest'
import { joinCodeOf, joinUrlOf } from './joinCode.ts'

const code = '0123456789ab'

it.each([
  ['https://t.me/kopilka_bot', 'https://t.me/kopilka_bot?start=till-0123456789ab'],
  ['https://t.me/kopilka_bot?start=poster', 'https://t.me/kopilka_bot?start=till-0123456789ab'],
  ['https://t.me/kopilka_bot/card', 'https://t.me/kopilka_bot/card?startapp=till-0123456789ab'],
  ['https://t.me/kopilka_bot?startapp', 'https://t.me/kopilka_bot?startapp=till-0123456789ab'],
  [
    'https://romashka.ru/card/new?from=shop',
    'https://romashka.ru/card/new?from=shop&start=till-0123456789ab',
  ],
])('the link %s of a till is %s', (url, link) => {
  expect(joinUrlOf(url, code)).toBe(link)
})

it('what Telegram hands on is a till’s code or none', () => {
  expect(joinCodeOf(`till-${code}`)).toBe(code)
  for (const other of [undefined, '', 'poster', code, `till-${code}0`, 'till-0123456789AB', "till-'; drop"])
    expect(joinCodeOf(other)).toBe(null)
})
