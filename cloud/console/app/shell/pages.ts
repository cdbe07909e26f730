import { useSession } from '../session.ts'
import type { GroupName, PageName } from './words.ts'

export interface PageEntry {
  name: PageName
  path: string
  group: GroupName
  /** Who may read it, sees the page. */
  reading: string
  /** Follows `g`. */
  key: string
}

/** All pages, in the order of the menu. */
const pages: PageEntry[] = [
  { name: 'home', path: '/home', group: 'work', reading: 'home', key: 'h' },
  { name: 'customers', path: '/customers', group: 'work', reading: 'customers', key: 'c' },
  { name: 'campaigns', path: '/campaigns', group: 'work', reading: 'campaigns', key: 'b' },
  { name: 'segments', path: '/segments', group: 'work', reading: 'segments', key: 'o' },
  { name: 'statuses', path: '/statuses', group: 'work', reading: 'statuses', key: 'u' },
  { name: 'vouchers', path: '/vouchers', group: 'work', reading: 'vouchers', key: 'v' },
  { name: 'registers', path: '/registers', group: 'work', reading: 'registers', key: 'k' },
  { name: 'proposals', path: '/proposals', group: 'decisions', reading: 'proposals', key: 'p' },
  { name: 'discrepancies', path: '/discrepancies', group: 'decisions', reading: 'discrepancies', key: 'd' },
  { name: 'referrals', path: '/referrals', group: 'decisions', reading: 'referrals', key: 'f' },
  { name: 'liability', path: '/liability', group: 'reports', reading: 'reports', key: 'l' },
  { name: 'expiry', path: '/expiry', group: 'reports', reading: 'reports', key: 'e' },
  { name: 'storesReport', path: '/stores-report', group: 'reports', reading: 'reports', key: 'm' },
  { name: 'rules', path: '/rules', group: 'settings', reading: 'books', key: 'r' },
  { name: 'stores', path: '/stores', group: 'settings', reading: 'stores', key: 't' },
  { name: 'staff', path: '/staff', group: 'settings', reading: 'staff', key: 's' },
  { name: 'audit', path: '/audit', group: 'settings', reading: 'audit log', key: 'a' },
]

export function usePages(): PageEntry[] {
  const { readings } = useSession()
  return pages.filter(({ reading }) => readings.includes(reading))
}
