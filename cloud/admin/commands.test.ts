import { expect, test } from 'vitest'
import { acts } from '../acts/acts.ts'
import { commands } from './commands.ts'

const names = acts.map(({ name }) => name)

test('every act is a command of its name, but what only a page offers, or needs an account', () => {
  expect(names.filter((name) => !Object.hasOwn(commands, name))).toEqual([
    'register diagnostics',
    'proposal approve',
    'proposal edit',
  ])
})

test('what is no act only looks, copies, or makes anew what follows from the ledger', () => {
  const others = Object.keys(commands).filter((name) => !names.some((act) => act === name))
  expect(others.filter((name) => !/ (list|show|find|get|busy)$/.test(name))).toEqual([
    'fleet',
    'staff sessions',
    'audit',
    'audit-log verify',
    'facts rebuild',
    'book check',
    'book try',
    'book presets',
    'segment preview',
    'campaign preview',
    'campaign run',
    'backup',
  ])
})
