import { expect, it } from 'vitest'
import { presets } from './presets.ts'
import { readWritten } from './written.ts'

const rule = { id: 'gift', title: 'Подарок', award: { type: 'points', points: 5 } }
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
  ['a part that is not known here', { statuses: [], base: { moon: 1 } }, ['statuses', 'base.moon']],
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
