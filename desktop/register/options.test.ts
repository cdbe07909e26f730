import { describe, expect, it } from 'vitest'
import { readOptions, registerOptions } from './options.ts'

const read = (...args: string[]) => readOptions(registerOptions, args)

describe('the command line of a register', () => {
  it('may say nothing at all', () => {
    expect(read()).toEqual({ options: { data: '.register', 'log-level': 'info' } })
  })

  it('says where the cloud, the key and the folders are', () => {
    const args = ['--cloud', 'http://127.0.0.1:8080', '--key', 'k', '--exchange=/ex', '--data', '/data']
    expect(read(...args)).toMatchObject({
      options: { cloud: 'http://127.0.0.1:8080', key: 'k', exchange: '/ex', data: '/data' },
    })
  })

  it.each([
    ['an address that is none', ['--cloud', 'points'], '--cloud'],
    ['another protocol', ['--cloud', 'ftp://points'], '--cloud'],
    ['an option nobody knows', ['--clud', 'x'], '--clud'],
    ['an option without its value', ['--key'], '--key'],
    ['a word that stands alone', ['key'], 'key'],
  ])('is refused with %s', (_what, args, named) => {
    expect(read(...args)).toEqual({ problem: expect.stringContaining(named) })
  })
})
