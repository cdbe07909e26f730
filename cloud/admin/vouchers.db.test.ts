import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runCommandLine } from './commandLine.ts'
import { commands } from './commands.ts'

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'kopilka-vouchers-'))
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

async function say(...args: string[]) {
  const out: string[] = []
  const error: string[] = []
  const exitCode = await runCommandLine(commands, {
    args: [...args, '--json'],
    config: () => readConfig({ DATABASE_URL: database.url, KOPILKA_DATA: folder }),
    print: { out: (text) => out.push(text), error: (text) => error.push(text) },
  })
  return { answer: exitCode === 0 ? JSON.parse(out.join('')) : error.join(''), exitCode }
}

async function fileOf(batch: object): Promise<string> {
  const file = join(folder, 'batch.json')
  await writeFile(file, JSON.stringify(batch))
  return file
}

const batch = {
  title: 'Скидка <200 ₽>',
  gives: { type: 'discount_kopecks', kopecks: 20_000 },
  until: '2099-12-31',
  audience: { type: 'bearer', codes: 12 },
}

it('makes codes, tells them once, and shows and voids them', async () => {
  const [csv, page] = [join(folder, 'codes.csv'), join(folder, 'codes.html')]
  const { answer } = await say('voucher', 'add', await fileOf(batch), '--csv', csv, '--print', page)
  expect(answer).toMatchObject({ batchId: 1 })
  const codes: string[] = answer.codes
  expect(new Set(codes).size).toBe(12)
  expect(await readFile(csv, 'utf8')).toBe(['code,card', ...codes.map((code) => `${code},`), ''].join('\r\n'))
  const html = await readFile(page, 'utf8')
  expect(html.match(/<svg/g)).toHaveLength(12)
  expect(html).toContain('Скидка &lt;200 ₽&gt;')
  expect(html).toContain('31.12.2099')
  expect((await say('voucher', 'export', '--batch', '1')).answer).toContain('vouchers_exported')

  const [code = ''] = codes
  expect((await say('voucher', 'list')).answer).toMatchObject({
    batches: [{ batchId: 1, title: 'Скидка <200 ₽>', codes: 12, held: 0, used: 0, voided: 0 }],
  })
  const voided = await say('voucher', 'void', '--batch', '1', '--code', code, '--reason', 'потерян')
  expect(voided.answer).toEqual({ batchId: 1, voided: 1 })
  expect((await say('voucher', 'show', '--code', code)).answer).toMatchObject({
    batchId: 1,
    voucher: { serial: 1, voidedAt: expect.any(String), redemptions: [] },
  })
  expect((await say('voucher', 'void', '--batch', '1', '--reason', 'ошибка')).answer).toEqual({
    ...{ batchId: 1, voided: 11 },
  })
})

it('prints in which stores they are good', async () => {
  await say('store', 'add', '--name', 'Софрино')
  await say('store', 'add', '--name', 'Правда')
  const printed = async (stores: number[]) => {
    const page = join(folder, `codes-${stores.length}.html`)
    await say('voucher', 'add', await fileOf({ ...batch, stores }), '--print', page)
    return await readFile(page, 'utf8')
  }
  expect(await printed([2])).toContain('до 31.12.2099 включительно · в магазине «Правда»')
  expect(await printed([1, 2])).toContain('до 31.12.2099 включительно · в магазинах: Софрино, Правда')
})

it('makes and takes out nothing where its files cannot be written, or would be written over others', async () => {
  const before = (await say('voucher', 'list')).answer
  const [kept, other] = [join(folder, 'kept.csv'), join(folder, 'other.csv')]
  await writeFile(kept, 'codes of before')
  const made = await say(
    'voucher',
    'add',
    await fileOf(batch),
    '--csv',
    other,
    '--print',
    join(folder, 'no/a.html'),
  )
  expect([made.exitCode, made.answer]).toEqual([2, expect.stringContaining('no/a.html cannot be written')])
  const again = await say('voucher', 'add', await fileOf(batch), '--csv', kept)
  expect([again.exitCode, again.answer]).toEqual([2, expect.stringContaining('file already exists')])
  expect((await say('voucher', 'list')).answer).toEqual(before)
  expect(await readFile(kept, 'utf8')).toBe('codes of before')
  const refused = await say('voucher', 'export', '--batch', '1', '--csv', other)
  expect(refused.answer).toContain('vouchers_exported')
  await expect(readFile(other)).rejects.toThrow('ENOENT')
})

it('tells the codes all the same where a disk gets full while their file is written', async () => {
  const args = ['voucher', 'add', await fileOf(batch), '--csv', join(folder, 'full.csv'), '--json']
  const program = [process.execPath, join(import.meta.dirname, 'main.ts')]
  const env = { ...process.env, DATABASE_URL: database.url, KOPILKA_DATA: folder }
  const full = ['-c', 'ulimit -f 0; exec "$0" "$@"', ...program, ...args]
  const { stdout, stderr } = await promisify(execFile)('sh', full, { env })
  expect(JSON.parse(stdout).codes).toHaveLength(12)
  expect(JSON.parse(stderr).warning).toMatch(/full\.csv does not have them: EFBIG/)
})

it.each([
  ['title: ', { ...batch, title: '' }],
  ['gives.kopecks: ', { ...batch, gives: { type: 'discount_kopecks', kopecks: 5 } }],
  ['until: it ends before it begins', { ...batch, from: '2099-12-31', until: '2099-01-01' }],
  ['until: it ends before it begins', { ...batch, from: '2099-01-01T18:00', until: '2099-01-01T09:00' }],
  ['audience.codes: ', { ...batch, audience: { type: 'bearer', codes: 0 } }],
  ['nobody has 999999', { ...batch, audience: { type: 'cards', cards: ['999999'] } }],
  ['no store 7', { ...batch, stores: [7] }],
])('says where a batch is wrong: %s', async (sentence, wrong) => {
  const before = (await say('voucher', 'list')).answer
  const { answer, exitCode } = await say('voucher', 'add', await fileOf(wrong))
  expect([exitCode, answer]).toEqual([2, expect.stringContaining(sentence)])
  expect((await say('voucher', 'list')).answer).toEqual(before)
})
