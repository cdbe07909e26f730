import { describe, expect, it } from 'vitest'
import { compareVersions, isVersion } from './version.ts'

describe('versions', () => {
  it('stand in the order of semantic versioning', () => {
    const inOrder = [
      '0.9.12',
      '1.0.0-1',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0',
      '1.0.9',
      '1.0.10',
      '1.2.0',
      '2.0.0',
    ]
    expect(inOrder.toReversed().sort(compareVersions)).toEqual(inOrder)
    expect(compareVersions('1.2.3', '1.2.3')).toBe(0)
    expect(compareVersions('1.0.0-a.b', '1.0.0-a.b')).toBe(0)
  })

  it.each([
    '',
    '1',
    '1.2',
    'v1.2.3',
    '1.2.3.4',
    '01.2.3',
    '1.2.3-',
    '1.2.3+5',
    '1.2.3-a..b',
    '1.2.3-01',
    '1.2.3-beta.007',
    '1.2.3 ',
  ])('are not %j', (text) => {
    expect(isVersion(text)).toBe(false)
  })

  it('that are none cannot be compared', () => {
    expect(() => compareVersions('1.2.3', 'newest')).toThrow('Not a version: newest')
  })
})
