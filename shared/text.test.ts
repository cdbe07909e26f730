import { describe, expect, it } from 'vitest'
import { mendText, shownJson, shownLine, shownLines, storableSchema, textSchema } from './text.ts'

describe('text that is kept', () => {
  it.each([
    ['NUL', 'a\0b'],
    ['the first half of a pair', 'a\ud83d'],
    ['the second half of a pair', '\ude00b'],
    ['more than the longest', 'x'.repeat(11)],
  ])('has no %s', (_what, text) => {
    expect(textSchema(10).safeParse(text).success).toBe(false)
    expect(storableSchema(10).safeParse(text).success).toBe(false)
    expect(storableSchema(10).safeParse(mendText(text, 10)).success).toBe(true)
  })

  it('may be empty only where nobody has to have written it', () => {
    expect([textSchema(10).safeParse('').success, storableSchema(10).safeParse('').success]).toEqual([
      false,
      true,
    ])
  })
})

describe('text of others is shown', () => {
  it.each([
    ['a sequence that clears the screen', 'a\x1b[2Jb', 'a�[2Jb'],
    ['a sequence of one character, CSI', 'a\x9b2Jb', 'a�2Jb'],
    ['a second line', 'a\nb\r\u2028c', 'a�b��c'],
    ['a name turned around', 'a\u202eexe.b\u2066c', 'a�exe.b�c'],
    ['an invisible space', 'a\u200bb\ufeffc', 'a�b�c'],
    ['half a pair', 'a\ud83d', 'a�'],
    ['a tag', 'a\u{e0041}b', 'a�b'],
  ])('without %s', (_what, text, shown) => {
    expect(shownLine(text)).toBe(shown)
  })

  it.each(['Анна-Мария', 'Ашукино, касса № 1', 'ё', '👩‍👩‍👧 ≠ 👍🏽', 'محمد'])('as it is: %s', (text) => {
    expect(shownLine(text)).toBe(text)
    expect(JSON.parse(shownJson(JSON.stringify(text)))).toBe(text)
  })

  it('with the lines that are ours', () => {
    expect(shownLines('one\ntwo\x1b[A')).toBe('one\ntwo�[A')
  })

  it('in JSON with another spelling and the same meaning', () => {
    const value = { name: 'a\x7f\x9b\u202e\u{e0041}\n' }
    const json = shownJson(JSON.stringify(value))
    expect(json).toMatch(/^[\x20-\x7e]+$/)
    expect(JSON.parse(json)).toEqual(value)
  })
})
