import { expect, it } from 'vitest'
import { nameFor } from './draft.ts'
import { awards, conditions } from './schema.ts'

it('a name is the title in Latin letters', () => {
  expect(nameFor('Весна: 8 Марта!', 'k3', 'rule')).toBe('vesna-8-marta-k3')
  expect(nameFor('8 Марта', 'k3', 'rule')).toBe('marta-k3')
  expect(nameFor('…', 'k3', 'campaign')).toBe('campaign-k3')
  expect(nameFor('щ'.repeat(90), 'abcd', 'rule').length).toBeLessThanOrEqual(50)
})

it('the forms of awards and conditions are those of the schema of rules', () => {
  expect(awards.map(({ type }) => type)).toEqual(['percent', 'points', 'multiply'])
  expect(conditions.find(({ type }) => type === 'min_purchase')).toEqual({
    ...{ type: 'min_purchase', title: 'Purchase of at least' },
    fields: [{ name: 'kopecks', kind: 'number', unit: 'kopecks', isOptional: false }],
  })
  const kinds = conditions.flatMap(({ fields }) => fields.map(({ kind }) => kind))
  expect(new Set(kinds)).toEqual(new Set(['number', 'list', 'text']))
})
