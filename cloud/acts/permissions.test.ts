import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ROLES, type Role } from '../../shared/staff.ts'
import { acts } from './acts.ts'
import { authorFor, permissions, readings } from './permissions.ts'
import { sees } from './place.ts'
import { heavyActs } from './proposals.ts'

const person = (...roles: (typeof ROLES)[number][]) => ({
  ...{ type: 'person' as const, name: 'anna', roles },
  sees: { programmes: null, stores: null },
})

describe('the table of permissions', () => {
  it('is printed in the guide as it is', () => {
    const guide = readFileSync(new URL('../../docs/console.md', import.meta.url), 'utf8')
    expect(guide).toContain(permissionTable())
  })

  it('lets an auditor change nothing', () => {
    for (const [name, roles] of Object.entries(permissions)) expect(roles, name).not.toContain('auditor')
  })

  it('gives an owner whatever anybody with an account may do or see, but for the approval of others', () => {
    const { 'proposal approve': _, ...others } = { ...permissions, ...readings }
    for (const [name, roles] of Object.entries(others))
      if (roles.length > 0) expect(roles, name).toContain('owner')
  })

  it('names the role that lets somebody, and nobody who has none of them', () => {
    expect(authorFor(person('auditor', 'support'), permissions['customer adjust'])).toEqual({
      ...{ type: 'support', name: 'anna' },
    })
    expect(authorFor(person('support', 'owner'), permissions['customer adjust'])?.type).toBe('owner')
    expect(authorFor(person('auditor', 'it'), permissions['customer adjust'])).toBeNull()
    expect(authorFor(person(...ROLES), permissions.restore)).toBeNull()
  })
})

it('every act that weighs can be decided about once it was proposed', () => {
  const weighing = acts.flatMap(({ name, weigh }) => (weigh ? [name] : []))
  expect(weighing.sort()).toEqual(heavyActs.map(({ name }) => name).sort())
})

describe('what somebody sees', () => {
  const place = { programmeId: 1, stores: [3, 4] }
  const whole = { programmeId: 1, stores: 'all' as const }
  it.each([
    [{ programmes: null, stores: null }, place, true],
    [{ programmes: [1], stores: null }, place, true],
    [{ programmes: [2], stores: null }, place, false],
    [{ programmes: null, stores: [4] }, place, true],
    [{ programmes: [1], stores: [5] }, place, false],
    [{ programmes: [2], stores: [3] }, place, false],
    [{ programmes: [1], stores: null }, whole, true],
    [{ programmes: [1], stores: [3, 4, 5] }, whole, false],
    [{ programmes: [1], stores: [3] }, { programmeId: 1, stores: [] }, false],
  ])('%j of %j: %s', (seen, where, isSeen) => {
    expect(sees(seen, where)).toBe(isSeen)
  })
})

/** The tables of permissions as the guide prints them. */
function permissionTable(): string {
  const rowOf = ([name, roles]: [string, readonly Role[]]) =>
    `| ${name} | ${ROLES.map((role) => (roles.includes(role) ? '✓' : '')).join(' | ')} |`
  const table = (heading: string, rows: Record<string, readonly Role[]>) => [
    `| ${heading} | ${ROLES.join(' | ')} |`,
    `| --- |${' :-: |'.repeat(ROLES.length)}`,
    ...Object.entries(rows).map(rowOf),
  ]
  return [...table('act', permissions), '', ...table('what is read', readings)].join('\n')
}
