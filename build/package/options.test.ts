import { describe, expect, it } from 'vitest'
import { readPackageOptions } from './options.ts'

const read = (...args: string[]) => readPackageOptions(args, { version: '0.1.0' })
const problem = (text: string) => ({ problem: expect.stringContaining(text) })

describe('what npm run package is asked for', () => {
  it('is the version of package.json, signed by somebody', () => {
    expect(read('--publisher', 'ООО Ромашка')).toEqual({
      options: {
        version: '0.1.0',
        trust: { signed: true, publisher: 'ООО Ромашка' },
        output: 'dist/package',
        signed: 'dist/signed',
        electron: null,
      },
    })
  })

  it('is unsigned only where that is said', () => {
    expect(read('--unsigned')).toMatchObject({ options: { trust: { signed: false } } })
    expect(read()).toEqual(problem('Who is the publisher?'))
    expect(read('--publisher', ' ')).toEqual(problem('Who is the publisher?'))
    expect(read('--publisher', 'Ромашка', '--unsigned')).toEqual(problem('exclude each other'))
  })

  it.each(['1.2.3', '10.0.0', '1.2.3-beta', '1.2.3-beta.1'])('takes the version %s', (version) => {
    expect(read('--unsigned', '--version', version)).toMatchObject({ options: { version } })
  })

  it.each(['1.2', '1.2.3.4', 'v1.2.3', '1.02.3', '1.2.3-', '1.2.3+7', ''])(
    'refuses the version "%s"',
    (version) => {
      expect(read('--unsigned', '--version', version)).toEqual(problem('is no version'))
    },
  )

  it('refuses what it does not know', () => {
    expect(read('--unsigned', '--per-machine')).toEqual(problem('--per-machine'))
    expect(read('--unsigned', 'now')).toEqual(problem('now'))
  })
})
