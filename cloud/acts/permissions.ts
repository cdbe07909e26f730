import type { Staff } from '../ledger/account.ts'

/** What each act needs, by the name under which it is written down: the one table of permissions. */
export const permissions = {
  'programme add': 'programmes.add',
  'store add': 'stores.change',
  'store hours': 'stores.change',
  'register add': 'registers.add',
  'register code': 'registers.look_after',
  'register channel': 'registers.look_after',
  'register diagnostics': 'registers.look_after',
  'register revoke': 'registers.look_after',
  'release publish': 'releases.change',
  'release percent': 'releases.change',
  'release promote': 'releases.change',
  'release pull': 'releases.change',
  'it add': 'staff.change',
  'it password': 'staff.change',
  'it remove': 'staff.change',
  'customer add': 'customers.add',
  'customer consent': 'customers.add',
  'customer freeze': 'customers.freeze',
  'customer erase': 'customers.erase',
  'customer adjust': 'points.adjust',
  'hold settle': 'points.settle',
  'discrepancy settle': 'points.settle',
  'settings set': 'programme.change',
  'book publish': 'programme.change',
  'status set': 'customers.status',
  'notification retry': 'messages.settle',
  'notification drop': 'messages.settle',
  'job run': 'cloud.run',
  restore: 'cloud.run',
} as const

export type ActName = keyof typeof permissions
export type Permission = (typeof permissions)[ActName]

/** Who has a shell on the server has the database as well; IT looks after registers. */
const allowed: Record<Staff['type'], 'everything' | Permission[]> = {
  admin: 'everything',
  it: ['registers.look_after'],
}

export function isAllowed({ type }: Staff, permission: Permission): boolean {
  const theirs = allowed[type]
  return theirs === 'everything' || theirs.includes(permission)
}
