import { ROLES, type Role } from '../../shared/staff.ts'
import { permissions, readings } from './permissions.ts'

/** The tables of permissions as the guide prints them. */
export function permissionTable(): string {
  const rowOf = ([name, roles]: [string, readonly Role[]]) =>
    `| ${name} | ${ROLES.map((role) => (roles.includes(role) ? '✓' : '')).join(' | ')} |`
  const table = (heading: string, rows: Record<string, readonly Role[]>) => [
    `| ${heading} | ${ROLES.join(' | ')} |`,
    `| --- |${' :-: |'.repeat(ROLES.length)}`,
    ...Object.entries(rows).map(rowOf),
  ]
  return [...table('act', permissions), '', ...table('what is read', readings)].join('\n')
}
