import { expect, it } from 'vitest'
import { numberOf } from './specs.ts'

it.each([
  ['4,25', 425],
  ['1 000', 100_000],
  ['4.255', null],
  ['-1', null],
  ['', null],
  ['1e3', null],
])('%s percent or roubles are %s', (typed, value) => expect(numberOf(typed, 100)).toBe(value))

it('days are whole', () => expect(numberOf('1.5', 1)).toBeNull())
