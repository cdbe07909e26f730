import type { Role } from '../../shared/staff.ts'
import type { Person } from '../access/staff/accounts.ts'
import type { Staff } from '../ledger/account.ts'

/** Only at the command line of the server: acts that need its files or its work, and the older names of commands. */
const server: Role[] = []

/** The roles that may do each act, by its name in the log. A person with several does it in the first that may. */
export const permissions = {
  'programme add': ['owner'],
  'programme freeze': ['owner', 'finance'],
  'store add': ['owner'],
  'store hours': ['owner'],
  'register add': ['owner'],
  'register code': ['owner', 'it'],
  'register channel': ['owner', 'it'],
  'register diagnostics': ['owner', 'it'],
  'register revoke': ['owner', 'it'],
  'release publish': server,
  'release percent': ['owner'],
  'release promote': ['owner'],
  'release pull': ['owner'],
  'staff add': ['owner'],
  'staff roles': ['owner'],
  'staff disable': ['owner'],
  'staff link': ['owner'],
  'staff reset': ['owner'],
  'staff signout': ['owner'],
  'it add': server,
  'it password': server,
  'it remove': server,
  'customer add': ['owner', 'support'],
  'customer consent': ['owner', 'support'],
  'customer advertising': ['owner', 'support'],
  'customer freeze': ['owner', 'finance', 'support'],
  'customer erase': ['owner', 'support'],
  'customer adjust': ['owner', 'finance', 'support'],
  'customer staff': ['owner', 'support'],
  'customer merge': ['owner', 'support'],
  'customer unmerge': ['owner', 'support'],
  'hold settle': ['owner', 'finance', 'support'],
  'discrepancy settle': ['owner', 'finance', 'support'],
  'proposal approve': ['marketing', 'finance'],
  'proposal reject': ['owner', 'marketing', 'finance', 'support'],
  'proposal edit': ['owner', 'marketing', 'finance', 'support'],
  'proposal break': ['owner'],
  'proposal review': ['owner', 'marketing', 'finance'],
  'settings set': ['owner'],
  'book publish': ['owner', 'marketing'],
  'segment add': ['owner', 'marketing'],
  'segment remove': ['owner', 'marketing'],
  'campaign add': ['owner', 'marketing'],
  'campaign start': ['owner', 'marketing'],
  'campaign pause': ['owner', 'marketing', 'finance'],
  'campaign finish': ['owner', 'marketing'],
  'campaign test': ['owner', 'marketing'],
  'status set': ['owner', 'marketing', 'support'],
  'referral reject': ['owner', 'marketing', 'finance', 'support'],
  'referral release': ['owner', 'marketing', 'finance', 'support'],
  'voucher add': ['owner', 'marketing'],
  'voucher export': ['owner', 'marketing'],
  'voucher void': ['owner', 'marketing'],
  'notification retry': ['owner', 'support'],
  'notification drop': ['owner', 'support'],
  'job run': server,
  restore: server,
} satisfies Record<string, Role[]>

/** The same for questions, which change nothing. */
export const readings = {
  home: ['owner', 'marketing', 'finance', 'support', 'auditor'],
  customers: ['owner', 'marketing', 'finance', 'support', 'auditor'],
  discrepancies: ['owner', 'finance', 'support', 'auditor'],
  stores: ['owner', 'marketing', 'finance', 'support', 'auditor', 'it'],
  registers: ['owner', 'auditor', 'it'],
  books: ['owner', 'marketing', 'finance', 'auditor'],
  campaigns: ['owner', 'marketing', 'finance', 'auditor'],
  segments: ['owner', 'marketing', 'finance', 'support', 'auditor'],
  statuses: ['owner', 'marketing', 'finance', 'support', 'auditor'],
  vouchers: ['owner', 'marketing', 'finance', 'support', 'auditor'],
  referrals: ['owner', 'marketing', 'finance', 'support', 'auditor'],
  reports: ['owner', 'marketing', 'finance', 'auditor'],
  fleet: ['owner', 'it'],
  proposals: ['owner', 'marketing', 'finance', 'support', 'auditor'],
  staff: ['owner', 'auditor'],
  'audit log': ['owner', 'auditor'],
} satisfies Record<string, Role[]>

export type ActName = keyof typeof permissions
export type Reading = keyof typeof readings

/** The person who asks: at the command line of the server, where they have the database too, or with an account. */
export type Asking = { type: 'admin'; name: string } | Person

/** The name of a person with the role that lets them do it; null where no role does. The only place that decides this. */
export function authorFor(who: Asking, roles: readonly Role[]): Staff | null {
  if (who.type === 'admin') return who
  const role = roles.find((role) => who.roles.includes(role))
  return role ? { type: role, name: who.name } : null
}
