import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contrastOf, inkOn, readableOn } from './colour.ts'

const AA = 4.5
const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('whatever colour a chain chooses', () => {
  it('the ink on it can be read', () => {
    fc.assert(fc.property(colour, (brand) => contrastOf(inkOn(brand), brand) >= AA))
  })

  it.each(['#ffffff', '#f3f1ec', '#1d2421', '#121715'])('text in it can be read on %s', (ground) => {
    fc.assert(fc.property(colour, (brand) => contrastOf(readableOn(brand, ground), ground) >= AA))
  })

  it('a colour that can be read stays itself', () => {
    expect(readableOn('#0b6b4a', '#ffffff')).toBe('#0b6b4a')
  })
})
