import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toIso } from '../../../shared/time.ts'
import { openDatabase } from '../machine/database.ts'
import type { ChangesReply } from './client.ts'
import { type CustomerCopy, openCustomerCopy } from './customerCopy.ts'
import { createTestLog } from './testing.ts'

const ten = Date.parse('2025-12-07T10:00:00.000Z')
let folder = ''
let path = ''
let testLog: ReturnType<typeof createTestLog>
let opened: CustomerCopy[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kopilka-copy-'))
  path = join(folder, 'customers.sqlite')
  testLog = createTestLog()
})
afterEach(() => {
  for (const copy of opened) copy.close()
  opened = []
  rmSync(folder, { recursive: true })
})

function open(owner = 'cloud 1', file = path): CustomerCopy {
  const copy = openCustomerCopy({ path: file, for: owner, log: testLog.log })
  opened.push(copy)
  return copy
}

type Row = ChangesReply['customers'][number]
const anna: Row = { card: '654321', firstName: 'Анна', available: 100, status: 'active' }
const view = (available: number) => ({
  card: '654321',
  firstName: 'Анна',
  available,
  held: 0,
  debt: 0,
  expiresNext: null,
})
const page = (asOf: number, ...customers: Row[]): ChangesReply => ({
  customers,
  asOf: new Date(asOf).toISOString(),
  cursor: 'f.7.0',
  more: false,
})

test('a customer of the feed is known by the card, with the time at which that was true', () => {
  const copy = open()
  copy.apply(page(ten, anna))
  expect(copy.find('654321')).toEqual({ ...anna, standing: null, segments: null, asOf: ten })
  expect(copy.find('111111')).toBe(null)
})

test('a card that was merged into another finds that one, until it is itself again', () => {
  const copy = open()
  const plastic: Row = { card: '765432', firstName: 'Анна П.', available: 60, status: 'active' }
  copy.apply(page(ten, anna, plastic))
  copy.apply(
    page(
      ten + 1,
      { ...anna, available: 160 },
      { ...plastic, firstName: null, available: 0, status: 'erased', mergedInto: '654321' },
    ),
  )
  expect(copy.find('765432')).toMatchObject({ card: '654321', firstName: 'Анна', available: 160 })
  copy.apply(page(ten + 2, { ...anna, available: 100 }, plastic))
  expect(copy.find('765432')).toMatchObject({ card: '765432', available: 60 })
  copy.apply(page(ten + 3, { ...plastic, status: 'erased', mergedInto: '654321' }))
  copy.apply({ ...page(ten + 4, anna), begins: true })
  expect(copy.find('765432')).toBe(null)
})

test('a status of the programme is kept with its customer, by the feed and by a look-up', () => {
  const copy = open()
  const standing = { status: 'gold', value: 3_000_000 }
  copy.apply(page(ten, { ...anna, standing }))
  expect(copy.find('654321')?.standing).toEqual(standing)
  const counts = { registeredAt: toIso(0), purchases: 1, lastPurchaseAt: null, uses: [] }
  copy.remember({ ...view(100), counts: { ...counts, standing: { ...standing, value: 5 } } }, ten + 1)
  expect(copy.find('654321')?.standing).toEqual({ ...standing, value: 5 })
})

test('an outcome, which tells neither status nor segments, takes neither away', () => {
  const copy = open()
  const known = { standing: { status: 'gold', value: 3_000_000 }, segments: ['sleeping'] }
  copy.apply(page(ten, { ...anna, ...known }))
  copy.remember(view(140), ten + 5000)
  expect(copy.find('654321')).toMatchObject({ ...known, available: 140 })
})

test('customers and cursor are there when the program starts again', () => {
  const before = open()
  expect(before.cursor()).toBe(null)
  before.apply(page(ten, anna))
  before.close()
  const copy = open()
  expect(copy.cursor()).toBe('f.7.0')
  expect(copy.find('654321')).toEqual({ ...anna, standing: null, segments: null, asOf: ten })
})

test('a copy that cannot be written is an old one, says so once, and is kept up again when it can', () => {
  const failures: unknown[] = []
  let database: Database.Database | undefined
  const copy = openCustomerCopy({
    path,
    for: 'the shop',
    log: testLog.log,
    openDatabase: (...asked) => {
      database = openDatabase(...asked)
      return database
    },
    onFailure: (error) => failures.push(error),
  })
  copy.apply(page(ten, anna))
  database?.pragma('query_only = on')
  for (const available of [1, 2, 3]) copy.remember(view(available), ten + 1)
  expect(copy.apply(page(ten + 1, { ...anna, available: 4 }))).toBe(false)
  expect(copy.find('654321')).toEqual({ ...anna, standing: null, segments: null, asOf: ten })
  expect(failures).toHaveLength(4)
  expect(testLog.lines().filter(({ level }) => level >= 50)).toHaveLength(1)
  database?.pragma('query_only = off')
  copy.remember(view(5), ten + 1)
  expect(copy.find('654321')?.available).toBe(5)
  copy.close()
})

test('a page is taken whole or not at all', () => {
  const copy = open()
  const broken = { ...anna, card: '111111', available: 0.5 }
  expect(copy.apply(page(ten, anna, broken))).toBe(false)
  expect([copy.find('654321'), copy.cursor()]).toEqual([null, null])
})

test('the outcome of our own operation is not undone by an older page, and a newer one replaces it', () => {
  const copy = open()
  copy.apply(page(ten, { ...anna, status: 'frozen' }))
  copy.remember(view(140), ten + 5000)
  copy.apply(page(ten + 4999, anna))
  expect(copy.find('654321')).toMatchObject({ available: 140, status: 'frozen', asOf: ten + 5000 })
  copy.apply(page(ten + 5000, { ...anna, available: 90 }))
  expect(copy.find('654321')).toMatchObject({ available: 90, status: 'active' })
})

test('an older outcome does not replace a newer page, and a stranger is remembered', () => {
  const copy = open()
  copy.apply(page(ten, anna))
  copy.remember(view(1), ten - 0.5)
  expect(copy.find('654321')).toMatchObject({ available: 100 })
  copy.remember({ ...view(7), card: '222222' }, ten)
  expect(copy.find('222222')).toMatchObject({ available: 7, status: 'active' })
})

test('an erased customer is gone', () => {
  const copy = open()
  copy.apply(page(ten, anna))
  copy.apply(page(ten + 1, { ...anna, firstName: null, available: 0, status: 'erased' }))
  expect(copy.find('654321')).toBe(null)
})

test('a list that begins anew takes the place of the one before, whatever the pages after it bring', () => {
  const copy = open()
  copy.apply(page(ten, anna))
  copy.apply({ ...page(ten + 1, { ...anna, card: '222222' }), begins: true, more: true })
  copy.apply(page(ten + 2, { ...anna, card: '333333' }))
  expect(['654321', '222222', '333333'].map((card) => copy.find(card)?.card ?? null)).toEqual([
    null,
    '222222',
    '333333',
  ])
})

/** Every file of the copy that has the name somewhere. */
const filesWith = (name: string) =>
  readdirSync(folder).filter((file) => readFileSync(join(folder, file)).includes(name))

test('the name of an erased customer is in no file, while the copy is open', () => {
  const copy = open()
  const name = 'Аполлинария-Евдокия'
  copy.apply(page(ten, anna, { ...anna, card: '777777', firstName: name }))
  expect(filesWith(name)).not.toEqual([])
  copy.apply(page(ten + 1, { ...anna, card: '777777', firstName: null, status: 'erased' }))
  expect(filesWith(name)).toEqual([])
  expect(copy.find('654321')).toMatchObject({ firstName: 'Анна' })
})

test('a wiped copy knows nobody, has no name in its files, and begins its feed anew', () => {
  const copy = open()
  copy.apply(page(ten, anna, { ...anna, card: '777777' }))
  copy.wipe()
  expect([copy.find('654321'), copy.find('777777'), copy.cursor()]).toEqual([null, null, null])
  expect(filesWith('Анна')).toEqual([])
  copy.wipe()
  copy.apply(page(ten, anna))
  expect(copy.find('654321')).toMatchObject({ firstName: 'Анна' })
})

test('a file of an older version, whose unused room may have names, is made anew', () => {
  const older = new Database(path)
  older.exec(`
    create table feed (owner text not null, cursor text) strict;
    create table customers (card text primary key, first_name text, available integer not null,
      status text not null, as_of integer not null) strict, without rowid;
    insert into feed values ('cloud 1', 'f.7.0');
    insert into customers values ('654321', 'Анна', 100, 'active', 1), ('777777', 'Феофилакт', 1, 'active', 1);
    delete from customers where card = '777777';
    pragma user_version = 1`)
  older.close()
  const copy = open()
  expect([copy.find('654321'), copy.cursor()]).toEqual([null, null])
  expect(filesWith('Феофилакт')).toEqual([])
})

test('a state that is new here is kept as it is', () => {
  const copy = open()
  copy.apply(page(ten, { ...anna, status: 'under_review' }))
  expect(copy.find('654321')).toMatchObject({ status: 'under_review', available: 100 })
})

test('the customers of another cloud or store are thrown away with their cursor', () => {
  const before = open('cloud 1')
  before.apply(page(ten, anna))
  before.close()
  const copy = open('cloud 2')
  expect([copy.find('654321'), copy.cursor()]).toEqual([null, null])
})

test.each([
  ['not a database', () => writeFileSync(path, 'x'.repeat(5000))],
  ['a database of something else', () => new Database(path).exec('create table customers (a)').close()],
])('a file that is %s is made anew', (_what, spoil) => {
  spoil()
  const copy = open()
  copy.apply(page(ten, anna))
  copy.close()
  expect(open().find('654321')).toMatchObject({ available: 100 })
})

test('a file that is damaged while it is used is made anew, and its feed begins again', () => {
  const copy = open()
  const many = Array.from({ length: 5000 }, (_, index) => ({ ...anna, card: String(100_000 + index) }))
  copy.apply(page(ten, ...many))
  copy.close()
  const spoiled = new Database(path)
  spoiled.pragma('journal_mode = delete')
  const root = spoiled.prepare("select rootpage from sqlite_schema where name = 'customers'").pluck().get()
  const size = Number(spoiled.pragma('page_size', { simple: true }))
  spoiled.close()
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xff, (Number(root) - 1) * size, Number(root) * size))

  const mended = open()
  expect(mended.cursor()).toBe('f.7.0')
  expect([mended.find('100000'), mended.cursor()]).toEqual([null, null])
  expect(testLog.lines()).toContainEqual(
    expect.objectContaining({ level: 50, msg: 'the copy of the customers is damaged' }),
  )
  mended.apply(page(ten, anna))
  expect(mended.find('654321')).toMatchObject({ available: 100 })
})

test('where there can be no file the copy lives in memory, and the log says so', () => {
  const copy = open('cloud 1', folder)
  copy.apply(page(ten, anna))
  expect(copy.find('654321')).toMatchObject({ available: 100 })
  expect(testLog.lines().at(-1)).toMatchObject({ level: 50 })
})

test('the segments of a customer are those that were told last, and not known where an older cloud says none', () => {
  const copy = open()
  copy.apply(page(ten, { ...anna, segments: ['inactive'] }))
  expect(copy.find('654321')?.segments).toEqual(['inactive'])
  copy.apply(page(ten + 1, { ...anna, segments: [] }))
  expect(copy.find('654321')?.segments).toEqual([])
  copy.apply(page(ten + 2, anna))
  expect(copy.find('654321')?.segments).toBeNull()
})
