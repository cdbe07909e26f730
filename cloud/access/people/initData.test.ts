import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../../shared/time.ts'
import { signInitData } from '../../demo/initData.ts'
import { readInitData } from './initData.ts'

const token = '12345:a-token-for-tests'
const now = Date.parse('2026-11-21T12:00:00.000Z')
const anna = { id: 7_000_000_001, first_name: 'Анна', language_code: 'ru' }
const read = (text: string, at = now) => readInitData(text, { token, now: at })
const signed = (user: object = anna, more = {}) => signInitData(user as typeof anna, { token, now, more })
const changed = (change: (fields: URLSearchParams) => void) => {
  const fields = new URLSearchParams(signed())
  change(fields)
  return fields.toString()
}

describe('init data', () => {
  it('are what Telegram says they are: the example is computed by its rule, step by step', () => {
    const lines = [`auth_date=${now / SECOND}`, 'query_id=AAH', `user=${JSON.stringify(anna)}`].join('\n')
    const key = createHmac('sha256', 'WebAppData').update(token).digest()
    const hash = createHmac('sha256', key).update(lines).digest('hex')
    const text = `query_id=AAH&user=${encodeURIComponent(JSON.stringify(anna))}&auth_date=${now / SECOND}&hash=${hash}`
    expect(read(text)).toEqual({
      status: 'genuine',
      user: { id: 7_000_000_001, firstName: 'Анна', language: 'ru' },
      fingerprint: hash,
      expiresAt: now + DAY,
    })
  })

  it('of newer clients have a signature, which is signed like every other field', () => {
    const text = signed(anna, { signature: 'T8aGLlGI-_abc', chat_instance: '-123', chat_type: 'sender' })
    expect(read(text).status).toBe('genuine')
    const fields = new URLSearchParams(text)
    fields.delete('signature')
    expect(read(fields.toString()).status).toBe('forged')
  })

  it('are the same data in whatever order and spelling they are written', () => {
    const fields = [...new URLSearchParams(signed())].toReversed()
    const other = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
    expect(other).not.toBe(signed())
    expect(read(other)).toEqual(read(signed()))
  })

  it.each<[string, string]>([
    ['with another user', changed((fields) => fields.set('user', JSON.stringify({ ...anna, id: 1 })))],
    ['with a later date', changed((fields) => fields.set('auth_date', String(now / SECOND + 60)))],
    ['with a field more', changed((fields) => fields.set('start_param', 'x'))],
    ['without a hash', changed((fields) => fields.delete('hash'))],
    ['with two hashes', changed((fields) => fields.append('hash', fields.get('hash') ?? ''))],
    ['with an empty hash', changed((fields) => fields.set('hash', ''))],
    ['with a shorter hash', changed((fields) => fields.set('hash', (fields.get('hash') ?? '').slice(2)))],
    ['with a hash that is none', changed((fields) => fields.set('hash', 'я'.repeat(64)))],
    ['with a user twice', changed((fields) => fields.append('user', fields.get('user') ?? ''))],
    ['signed with another token', signInitData(anna, { token: '1:other', now })],
    ['that are nothing', ''],
    ['that are noise', '%%%&&=&hash'],
  ])('%s are forged', (_name, text) => {
    expect(read(text)).toEqual({ status: 'forged' })
  })

  it('cannot be read in two ways: two lines in one field are not two fields', () => {
    const fields = new URLSearchParams(signed(anna, { start_param: 'x' }))
    const [date, start] = [fields.get('auth_date'), fields.get('start_param')]
    fields.delete('start_param')
    fields.set('auth_date', `${date}\nstart_param=${start}`)
    expect(read(fields.toString())).toEqual({ status: 'forged' })
  })

  it.each([
    ['a bot', { ...anna, is_bot: true }],
    ['nobody with an id', { first_name: 'Анна' }],
    ['an id that is text', { ...anna, id: '7000000001' }],
    ['an id below 1', { ...anna, id: -5 }],
    ['nobody with a name', { id: 5, first_name: ' ' }],
  ])('of %s are not taken, signed or not', (_name, user) => {
    expect(read(signed(user))).toEqual({ status: 'forged' })
  })

  it.each([
    ['at once', 0, 'genuine'],
    ['a second before 24 hours', DAY - SECOND, 'genuine'],
    ['after 24 hours', DAY, 'old'],
    ['by a clock that is 5 minutes behind', -5 * MINUTE, 'genuine'],
    ['by a clock that is further behind', -5 * MINUTE - SECOND, 'old'],
  ])('shown %s are %s', (_name, later, status) => {
    expect(read(signed(), now + later).status).toBe(status)
  })

  it.each([
    ['en', 'en'],
    ['pt-BR', 'en'],
    ['ru-RU', 'ru'],
    ['uk', 'ru'],
    [undefined, 'ru'],
  ])('of somebody who speaks %s: we speak %s with them', (code, language) => {
    const { language_code: _, ...person } = anna
    expect(read(signed(code ? { ...person, language_code: code } : person))).toMatchObject({
      user: { language },
    })
  })

  it('have a name that can be stored, whatever is in it', () => {
    expect(read(signed({ ...anna, first_name: ' \u0000Ан\ud800на ' }))).toMatchObject({
      user: { firstName: 'Ан\ufffdна' },
    })
  })
})
