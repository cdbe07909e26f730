import { describe, expect, it } from 'vitest'
import { amountOf, kopecksOf, shownAmount, typeAmount } from './amountInput.ts'
import { cardOf, typeCard, whenToSearch, wholeLength } from './cardInput.ts'
import { presetsBelow, typePoints } from './pointChoice.ts'

describe('the card field', () => {
  it.each([
    ['', 6, 'not_yet'],
    ['65432', 6, 'not_yet'],
    ['654321', 6, 'now'],
    ['991234', 6, 'after_pause'],
    ['9912345', 6, 'after_pause'],
    ['99123456', 6, 'now'],
    ['654321', 7, 'not_yet'],
    ['6543210', 7, 'now'],
    ['9912345', 7, 'after_pause'],
    ['991234567', 7, 'now'],
    ['123456789', 9, 'now'],
    ['991234567', 9, 'not_yet'],
    ['99123456789', 9, 'now'],
    ['123456789012', 12, 'now'],
    ['TR7KX2', 6, 'not_yet'],
    ['TR7KX2WQ9', 6, 'not_yet'],
    ['TR7KX2WQ9P', 6, 'now'],
    ['TR7KX2WQ9P', 12, 'now'],
  ] as const)('with %s of %d digits searches %s', (digits, cardDigits, when) => {
    expect(whenToSearch(digits, cardDigits)).toBe(when)
  })

  it.each([
    ['65432', '1', '654321'],
    ['654321', '7', '654321'],
    ['991234', '5', '9912345'],
    ['99123456', '7', '99123456'],
    ['65', 'к', '65'],
    ['65', ',', '65'],
    // A voucher begins with a letter of its alphabet, and no card does.
    ['', 't', 'T'],
    ['', 'i', ''],
    ['TR', '7', 'TR7'],
    ['TR7', 'o', 'TR7O'],
    ['TR7', '-', 'TR7'],
    ['TR7KX2WQ9P', '1', 'TR7KX2WQ9P'],
    ['65', 't', '65'],
  ])('%s and a %s is %s', (digits, character, after) => {
    expect(typeCard(digits, character, 6)).toBe(after)
  })

  it('shows how much there is still to type', () => {
    expect(wholeLength('65', 6)).toBe(6)
    expect(wholeLength('TR', 6)).toBe(10)
  })

  it('takes what a pasted text has', () => {
    expect(cardOf('Карта 654 321', 6)).toBe('654321')
    expect(cardOf('tr7kx 2wq9p', 6)).toBe('TR7KX2WQ9P')
  })
})

describe('the amount field', () => {
  it.each([
    ['1234,56', '1234,56', 123_456],
    ['1234.5', '1234,5', 123_450],
    ['1234/5', '1234,5', 123_450],
    ['0012', '12', 1200],
    [',5', '0,5', 50],
    ['12,345', '12,34', 1234],
    ['1,2,3', '1,23', 123],
    ['123456789', '12345678', 1_234_567_800],
    ['', '', 0],
    ['0,01', '0,01', 1],
    ['12к3', '123', 12_300],
  ])('typed %s reads %s', (keys, text, kopecks) => {
    const typed = [...keys].reduce(typeAmount, '')
    expect(typed).toBe(text)
    expect(kopecksOf(typed)).toBe(kopecks)
  })

  it.each([
    ['', '', ''],
    ['1234,5', '1\u202f234,5', '1\u202f234.5'],
    ['0,', '0,', '0.'],
    ['1000000', '1\u202f000\u202f000', '1\u202f000\u202f000'],
  ])('shows %s with its thousands apart, and takes it back', (text, inRussian, inEnglish) => {
    expect([shownAmount(text, ','), shownAmount(text, '.')]).toEqual([inRussian, inEnglish])
    expect([amountOf(inRussian), amountOf(inEnglish)]).toEqual([text, text])
  })
})

describe('the choice of points', () => {
  it.each([
    [1, []],
    [2, [1]],
    [12, [2, 5, 10]],
    [246, [50, 100, 200]],
    [250, [50, 100, 200]],
    [5320, [1000, 2000, 5000]],
    [125_000, [50_000, 100_000]],
  ])('below %d offers %j', (most, presets) => {
    expect(presetsBelow(most)).toEqual(presets)
  })

  it('never goes beyond what can be spent', () => {
    expect([...'999'].reduce((points, digit) => typePoints(points, digit, 246), 0)).toBe(246)
  })
})
