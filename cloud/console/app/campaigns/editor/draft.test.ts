import { describe, expect, it } from 'vitest'
import { campaignSchema } from '../../../../../shared/campaigns/campaign.ts'
import { emptyRule } from '../../rules/rule/draft.ts'
import { emptyDraft, readDraft, startingPoints } from './draft.ts'

const written = { ...emptyDraft, title: 'Весна', purpose: 'вернуть' }

describe('what is typed', () => {
  it('becomes a campaign, its rules with ids of its name', () => {
    const rules = [
      { ...emptyRule, title: 'Ещё 3 %', cap_points: '' },
      { ...emptyRule, id: 'vesna-1', title: 'Б' },
    ]
    const { campaign } = readDraft({ ...written, rules, from: '' }, 'vesna')
    expect(campaign?.rules.map(({ id }) => id)).toEqual(['vesna-2', 'vesna-1'])
    expect(campaign).toEqual(campaignSchema.parse(campaign))
    expect(campaign).not.toHaveProperty('from')
  })

  it.each<[string, object, string, object]>([
    ['nothing that it gives', {}, 'rules', { kind: 'wrong' }],
    ['no title', { title: ' ' }, 'title', { kind: 'needed' }],
    ['a word for a number', { gift: { points: 'сто' } }, 'gift.points', { kind: 'number' }],
    ['no number', { gift: { points: '' } }, 'gift.points', { kind: 'needed' }],
    ['too much', { gift: { points: 10_001 } }, 'gift.points', { kind: 'most', bound: 10_000 }],
    [
      'nothing in an award',
      { rules: [{ ...emptyRule, title: 'А', award: { type: 'percent', basis_points: 0 } }] },
      'rules.0.award.basis_points',
      { kind: 'least', bound: 1 },
    ],
    [
      'a condition of no store',
      { rules: [{ ...emptyRule, title: 'А', when: [{ type: 'stores', ids: [] }] }] },
      'rules.0.when.0.ids',
      { kind: 'needed' },
    ],
  ])('is told of at its field: %s', (_what, change, path, fault) => {
    const { campaign, faults } = readDraft({ ...written, ...change }, 'vesna')
    expect(campaign).toBeNull()
    expect(faults.get(path)).toEqual(fault)
  })
})

it('presets of the book are whole campaigns but for what they are for, where there is their segment', () => {
  const known = startingPoints(new Set(['all', 'high_value']))
  expect(known.map(({ name }) => name)).toContain('happy-hours')
  expect(known.map(({ name }) => name)).not.toContain('churn-risk-high')
  expect(known.find(({ name }) => name === 'high-value')?.draft).toMatchObject({
    audience: 'high_value',
    rules: [{ when: [] }],
  })
  for (const { draft } of known)
    expect(readDraft({ ...draft, purpose: 'проба' }, 'proba').faults).toEqual(new Map())
})
