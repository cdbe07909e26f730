import { describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../../../../shared/rules/book.ts'
import { byPriority } from '../../../../../shared/rules/stacking.ts'
import { emptyRule } from '../rule/draft.ts'
import { type BookDraft, draftOf, newBudget, newReferral, newRule, newStatus, readDraft } from './draft.ts'
import { inOrder, movedDown, movedUp } from './order.ts'

const rule = (id: string, rest: object = {}) => ({
  ...{ id, title: id, award: { type: 'points', points: 10 } },
  ...rest,
})
const book = (rest: object = {}) =>
  bookDocumentSchema.parse({ rules: [rule('weekend'), rule('evening', { priority: 5 })], ...rest })

describe('a book in its form', () => {
  it('is the same book again, its rules in the order in which they are judged', () => {
    const draft = draftOf(book())
    expect(draft.rules.map(({ key }) => key)).toEqual(['evening', 'weekend'])
    const { document } = readDraft(draft)
    expect(document).toEqual({ ...book(), rules: book().rules.toSorted(byPriority) })
  })

  it('has a new rule under an id that follows from its title, and not what was taken out', () => {
    const [evening, weekend] = draftOf(book()).rules
    if (!evening || !weekend) throw new Error('there are two')
    const added = newRule('k3ab', { ...evening.rule, title: 'Первый чек', cap_points: '' })
    const rules = [evening, { ...weekend, isGone: true }, added]
    const { document } = readDraft({ ...draftOf(book()), rules })
    expect(document?.rules.map(({ id }) => id)).toEqual(['evening', 'pervyy-chek-k3ab'])
    expect(document?.rules[1]).not.toHaveProperty('cap_points')
  })

  it('written anew after it was tried has the rules that were taken out, which can be put back', () => {
    const ofCampaign = rule('spring-1', { campaign: 'spring', priority: 9 })
    const before = book({ rules: [...book().rules, ofCampaign] })
    const draft = draftOf(book({ rules: [rule('weekend'), rule('new-one', { priority: 1 })] }), before.rules)
    expect(draft.rules.map(({ key, isGone }) => [key, isGone])).toEqual([
      ['evening', true],
      ['new-one', false],
      ['weekend', false],
    ])
    const back = draft.rules.map((each) => ({ ...each, isGone: false }))
    expect(readDraft({ ...draft, rules: back }).document?.rules).toContainEqual(before.rules[1])
  })

  const withRule = (rest: object): BookDraft => ({
    ...draftOf(book()),
    rules: [...draftOf(book()).rules, newRule('k3ab', { ...emptyRule, title: 'А', ...rest })],
  })
  it.each<[string, BookDraft, string, object]>([
    [
      'an empty field of the base',
      { ...draftOf(book()), base: { ...book().base, lifetime_days: '' } },
      'base.lifetime_days',
      { kind: 'needed' },
    ],
    [
      'points that die before they can be spent',
      draftWithBase({ activation_days: 60 }),
      'base.activation_days',
      { kind: 'wrong' },
    ],
    ['a rule without a title', withRule({ title: ' ' }), 'rules.new-k3ab.title', { kind: 'needed' }],
    [
      'an award of nothing',
      withRule({ award: { type: 'points' } }),
      'rules.new-k3ab.award.points',
      { kind: 'needed' },
    ],
    [
      'too large an award',
      withRule({ award: { type: 'points', points: 100_001 } }),
      'rules.new-k3ab.award.points',
      { kind: 'most', bound: 100_000 },
    ],
    [
      'an end before the beginning',
      withRule({ from: '2026-03-08', until: '2026-03-01' }),
      'rules.new-k3ab.until',
      { kind: 'wrong' },
    ],
    [
      'a budget that there is not',
      withRule({ budget: 'spring' }),
      'rules.new-k3ab.budget',
      { kind: 'wrong' },
    ],
    [
      'a group that is no name',
      withRule({ stacking: { group: 'Риск', how: 'best' } }),
      'rules.new-k3ab.stacking.group',
      { kind: 'wrong' },
    ],
    [
      'a segment condition that names none',
      withRule({ when: [{ type: 'segment' }] }),
      'rules.new-k3ab.when.0',
      { kind: 'wrong' },
    ],
  ])('is told of at its field: %s', (_what, draft, path, fault) => {
    const { document, faults } = readDraft(draft)
    expect(document).toBeNull()
    expect(faults.get(path)).toEqual(fault)
  })

  it('is told of a status that the book does not have, at the condition', () => {
    const status = { name: 'gold', title: 'Золото', colour: '#d4a017', from: 0, cashback_basis_points: 500 }
    const draft = draftOf(book({ statuses: [status], rules: [] }))
    const rules = [
      newRule('k3ab', { ...emptyRule, title: 'А', when: [{ type: 'status', names: ['silver'] }] }),
    ]
    expect(readDraft({ ...draft, rules }).faults).toEqual(
      new Map([['rules.new-k3ab.when.0.names', { kind: 'wrong' }]]),
    )
  })

  const status = { name: 'gold', title: 'Золото', colour: '#d4a017', from: 0, cashback_basis_points: 500 }
  it.each<[string, Partial<BookDraft>, string, object]>([
    ['a status without a title', { statuses: [newStatus('k3ab')] }, 'statuses.0.title', { kind: 'needed' }],
    [
      'a status that is kept with more than it is reached with',
      { statuses: [{ ...status, keep: 1 }] },
      'statuses.0.keep',
      { kind: 'wrong' },
    ],
    [
      'two statuses that are reached with the same',
      { statuses: [status, { ...status, name: 'silver' }] },
      'statuses',
      { kind: 'wrong' },
    ],
    [
      'a term of statuses that is left empty',
      { status_terms: { ...book().status_terms, grace_days: '' } },
      'status_terms.grace_days',
      { kind: 'needed' },
    ],
    [
      'a budget without a limit',
      { budgets: [newBudget('k3ab')] },
      'budgets.0.limit_points',
      { kind: 'needed' },
    ],
    [
      'a limit of nothing',
      { limits: { points_per_customer_day: 0 } },
      'limits.points_per_customer_day',
      { kind: 'least', bound: 1 },
    ],
    [
      'a warning after the last purchase that counts',
      { limits: { purchases_per_customer_day: { soft: 5, hard: 3 } } },
      'limits.purchases_per_customer_day.soft',
      { kind: 'wrong' },
    ],
    ['an invitation for nothing', { referral: newReferral }, 'referral.referrer_points', { kind: 'needed' }],
  ])('is told of at its field: %s', (_what, part, path, fault) => {
    const { document, faults, problems } = readDraft({ ...draftOf(book()), ...part })
    expect(document).toBeNull()
    expect(faults.get(path)).toEqual(fault)
    expect(problems).toEqual([])
  })

  it('has a new budget and a new status under ids that rules can name before they have a title', () => {
    const draft: BookDraft = {
      ...draftOf(book()),
      statuses: [{ ...newStatus('k3ab'), title: 'Золото', from: 0, cashback_basis_points: 500 }],
      budgets: [{ ...newBudget('k3ab'), title: 'Весна', limit_points: 5000 }],
      rules: [
        newRule('k3ab', {
          ...{ ...emptyRule, title: 'А', budget: 'budget-k3ab' },
          when: [{ type: 'status', names: ['status-k3ab'] }],
        }),
      ],
      referral: { ...newReferral, referrer_points: 100, referee_points: 50 },
    }
    expect(readDraft(draft).document).toMatchObject({
      statuses: [{ name: 'status-k3ab', title: 'Золото', benefits: [] }],
      budgets: [{ id: 'budget-k3ab', period: 'total', soft_percent: 80 }],
      referral: { referrer_points: 100, wait_days: 14 },
    })
  })

  it('says in words what no field is for', () => {
    const draft = {
      ...draftOf(book()),
      budgets: [{ ...newBudget('a'), title: 'А', limit_points: 1, colour: 1 }],
    }
    expect(readDraft(draft)).toMatchObject({ document: null, problems: [{ path: 'budgets.0' }] })
  })
})

function draftWithBase(base: object): BookDraft {
  return { ...draftOf(book()), base: { ...book().base, ...base } }
}

describe('the order of rules', () => {
  const list = (...rules: [id: string, priority?: number][]) =>
    inOrder(
      rules.map(([id, priority]) => ({
        key: id,
        isGone: false,
        rule: { ...emptyRule, id, ...(priority !== undefined && { priority }) },
      })),
    )
  const said = (rules: ReturnType<typeof list>) =>
    rules.map(({ key, rule }) => `${key} ${rule.priority ?? 0}`)

  it('is by priority, then by id', () => {
    expect(said(list(['b'], ['c', -1], ['a'], ['d', 3]))).toEqual(['d 3', 'a 0', 'b 0', 'c -1'])
  })

  it.each<[string, [string, number?][], string, string[]]>([
    [
      'by its id alone',
      [
        ['b', 1],
        ['a', 0],
      ],
      'a',
      ['a 1', 'b 1'],
    ],
    ['by a priority', [['a'], ['b']], 'b', ['b 1', 'a 0']],
    ['with those above raised where they must', [['a', 1], ['b'], ['c']], 'c', ['a 1', 'c 1', 'b 0']],
    [
      'one place, whatever the gap',
      [
        ['a', 900],
        ['b', 2],
        ['c', 1],
      ],
      'c',
      ['a 900', 'c 3', 'b 2'],
    ],
  ])('moves one up %s', (_how, rules, key, wanted) => {
    const moved = movedUp(list(...rules), key)
    expect(said(moved)).toEqual(wanted)
    expect(inOrder(moved)).toEqual(moved)
  })

  it('moves one down as it moves the next one up, and the ends nowhere', () => {
    const rules = list(['a'], ['b'], ['c'])
    expect(said(movedDown(rules, 'a'))).toEqual(['b 1', 'a 0', 'c 0'])
    expect(movedUp(rules, 'a')).toEqual(rules)
    expect(movedDown(rules, 'c')).toEqual(rules)
  })
})
