import { beforeEach, describe, expect, it } from 'vitest'
import { readShellOptions } from './options.ts'
import { resetElectron, state } from './testing/electron.ts'

describe('the command line of the Electron shell', () => {
  beforeEach(resetElectron)

  it.each([
    ['nothing', ['Kopilka.exe'], {}],
    [
      'our own options',
      ['Kopilka.exe', '--data=D:\\till', '--cloud', 'https://x'],
      { data: 'D:\\till', cloud: 'https://x' },
    ],
    [
      'ours among those of others',
      ['electron', '--inspect=0', '--no-sandbox', '/project', '--key', 'k', '--updated', '--window=normal'],
      { key: 'k', window: 'normal' },
    ],
    [
      'one of ours that stands alone, before one of others',
      ['electron', '--insecure', '--no-sandbox', '--cloud', 'http://10.0.0.5'],
      { insecure: true, cloud: 'http://10.0.0.5' },
    ],
  ])('may have %s', (_what, argv, expected) => {
    expect(readShellOptions(argv)).toEqual({ 'log-level': 'info', ...expected })
    expect(state.exitCode).toBe(null)
  })

  it('ends with a word where it cannot be understood', () => {
    expect(readShellOptions(['Kopilka.exe', '--cloud', 'points'])).toBe(null)
    expect(state.errorBox).toContain('--cloud')
    expect(state.exitCode).toBe(2)
  })
})
