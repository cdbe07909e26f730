import { expect, it } from 'vitest'
import { presets, statusPreset } from './presets.ts'
import { readWritten } from './written.ts'

const rule = { id: 'gift', title: 'Подарок', award: { type: 'points', points: 5 } }
const silver = { name: 'silver', title: 'Серебро', colour: '#c0c0c0', from: 1, cashback_basis_points: 1000 }
const pathsOf = (written: unknown) => readWritten(written).problems.map(({ path }) => path)

it('a book that says nothing has its defaults', () => {
  expect(readWritten({})).toMatchObject({
    document: { base: { cashback_basis_points: 400 }, rules: [] },
    problems: [],
  })
})

it.each<[string, unknown, string[]]>([
  [
    'all that is wrong is told, each with its path',
    {
      rules: [
        { ...rule, id: 'No' },
        { ...rule, award: { type: 'points', points: 0 } },
      ],
    },
    ['rules[0].id', 'rules[1].award.points'],
  ],
  [
    'a word of which there is none',
    { rules: [{ ...rule, award: { type: 'cake' } }] },
    ['rules[0].award.type'],
  ],
  [
    'a condition',
    { rules: [{ ...rule, when: [{ type: 'hours', from: '9', to: '18:00' }] }] },
    ['rules[0].when[0].from'],
  ],
  [
    'a rule that ends at the minute at which it begins, or before it on the same day',
    {
      rules: [
        { ...rule, from: '2026-12-01T18:00', until: '2026-12-01T09:00' },
        { ...rule, id: 'b', from: '2026-12-01T18:00', until: '2026-12-01T18:00' },
        { ...rule, id: 'c', from: '2026-12-01T18:00', until: '2026-12-01' },
        { ...rule, id: 'd', from: '2026-12-01', until: '2026-12-01T09:00' },
        { ...rule, id: 'e', from: '2026-12-01', until: '2026-12-01T00:00' },
      ],
    },
    ['rules[0].until', 'rules[1].until', 'rules[4].until'],
  ],
  ['a part that is not known here', { vouchers: [], base: { moon: 1 } }, ['vouchers', 'base.moon']],
  ['no book at all', [], ['']],
  ['nothing', null, ['']],
])('%s', (_what, written, paths) => {
  expect(pathsOf(written)).toEqual(paths)
  expect(readWritten(written).document).toBe(null)
})

it('the presets are rules that can be published, all together', () => {
  expect(readWritten({ rules: presets.map(({ rule }) => rule) }).problems).toEqual([])
  expect(presets.map(({ name }) => name)).toEqual(presets.map(({ rule }) => rule.id))
})

it('the statuses to begin with can be published, with rules for them', () => {
  const when = (name: string) => ({ ...rule, when: [{ type: 'status', names: [name] }] })
  const written = (name: string) => ({ ...statusPreset.book, rules: [when(name)] })
  expect(readWritten(written('gold')).problems).toEqual([])
  expect(statusPreset.book.statuses.map(({ cashback_basis_points }) => cashback_basis_points)).toEqual([
    ...[500, 1000, 1500, 2000],
  ])
  expect(pathsOf(written('tin'))).toEqual(['rules[0].when[0].names'])
})

it.each<[string, object, string]>([
  ['two of one name', { statuses: [{ ...silver }, { ...silver, from: 2 }] }, 'statuses'],
  ['one that is not above the one before', { statuses: [silver, { ...silver, name: 'gold' }] }, 'statuses'],
  [
    'one that is kept with more than it is reached with',
    { statuses: [{ ...silver, keep: 2 }] },
    'statuses[0].keep',
  ],
  ['a colour that is none', { statuses: [{ ...silver, colour: 'silver' }] }, 'statuses[0].colour'],
  ['terms that nobody knows', { status_terms: { metric: 'smiles' } }, 'status_terms.metric'],
])('statuses: %s', (_what, written, path) => {
  expect(pathsOf(written)).toContain(path)
})
