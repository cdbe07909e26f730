import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    ['a key said twice', ['--key', 'k', '--key-file', '/key'], 'once'],
    ['a file for the key that is not there', ['--key-file', '/no/such/file'], join('no', 'such', 'file')],
    ['a cloud that is not encrypted, on another machine', ['--cloud', 'http://points.example'], '--insecure'],
    ['one that only looks like this machine', ['--cloud=http://localhost.points.example'], '--insecure'],
  ])('is refused with %s', (_what, args, named) => {
    expect(read(...args)).toEqual({ problem: expect.stringContaining(named) })
  })

  it('may say that the cloud is not encrypted', () => {
    const cloud = 'http://10.0.0.5:8080'
    expect(read('--insecure', '--cloud', cloud)).toMatchObject({ options: { cloud, insecure: true } })
  })

  it('keeps the key from those who look at the list of processes: by a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kopilka-key-'))
    const path = join(folder, 'key')
    writeFileSync(path, 'kop_1\n')
    expect(read('--key-file', path)).toEqual({
      options: { key: 'kop_1', data: '.register', 'log-level': 'info' },
    })
    writeFileSync(path, '\n')
    expect(read('--key-file', path)).toEqual({ problem: expect.stringContaining('no key') })
    rmSync(folder, { recursive: true })
  })

  it('and by the standard input', () => {
    const program = `
      import { readOptions, registerOptions } from ${JSON.stringify(new URL('./options.ts', import.meta.url).href)}
      console.log(JSON.stringify(readOptions(registerOptions, ['--key', '-'])))`
    const run = (input: string) =>
      spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
        input,
        encoding: 'utf8',
      })
    expect(JSON.parse(run('kop_1\n').stdout)).toMatchObject({ options: { key: 'kop_1' } })
    expect(JSON.parse(run('').stdout)).toEqual({ problem: expect.stringContaining('no key') })
  })
})
