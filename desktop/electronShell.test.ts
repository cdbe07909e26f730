import { existsSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { argumentsOf, runElectron } from './electronShell.ts'
import { readOptions, registerOptions } from './register/commandLine/options.ts'

describe('the Electron shell, started from outside', () => {
  const run = (script: string) => runElectron(process.execPath, ['-e', script])
  const stays = 'setInterval(() => {}, 1000)'

  it('runs once it says so, and is closed when asked', async () => {
    const shell = await run(`console.log('noise\\nKIOSK electron'); ${stays}`)
    await shell?.close()
    await shell?.closed
    expect(shell).not.toBe(null)
  })

  it('is closed when its window is', async () => {
    const shell = await run(`console.log('KIOSK electron'); setTimeout(() => {}, 50)`)
    await shell?.closed
    await shell?.close()
    expect(shell).not.toBe(null)
  })

  it('did well when the kiosk was open already', async () => {
    expect(await run('process.exit(0)')).not.toBe(null)
  })

  it('hands the key over in a file of its own user, which goes when it was read', () => {
    const settings = {
      cloud: 'https://x',
      key: 'kop_1',
      data: '/d',
      'log-level': 'warn',
      insecure: true,
    } as const
    const { args, forget } = argumentsOf(settings)
    expect(args.join(' ')).not.toContain('kop_1')
    expect(readOptions(registerOptions, args)).toEqual({ options: settings })
    const path = args.find((arg) => arg.startsWith('--key-file='))?.slice('--key-file='.length) ?? ''
    // On Windows the folder for temporary files is its user's, and files have no modes.
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0)
    forget()
    expect(existsSync(path)).toBe(false)
  })

  it.each([
    ['ends before there is a window', () => run('process.exit(1)')],
    ['dies', () => run(`process.kill(process.pid, 'SIGKILL')`)],
    ['is no program', () => runElectron('/no/such/program', [])],
  ])('cannot be had when it %s', async (_how, start) => {
    expect(await start()).toBe(null)
  })
})
