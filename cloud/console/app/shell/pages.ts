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
  /** Who sees a part of that is told nothing of it. */
  ofWhole?: 'programme' | 'cloud'
  /** Its figures are of the store that was chosen. */
  isByStore?: true
}

/** All pages, in the order of the menu. */
const pages: PageEntry[] = [
  { name: 'home', path: '/home', group: 'work', reading: 'home', key: 'h', isByStore: true },
  { name: 'customers', path: '/customers', group: 'work', reading: 'customers', key: 'c', isByStore: true },
  {
    name: 'campaigns',
    path: '/campaigns',
    group: 'work',
    reading: 'campaigns',
    key: 'b',
    ofWhole: 'programme',
  },
  { name: 'segments', path: '/segments', group: 'work', reading: 'segments', key: 'o', ofWhole: 'programme' },
  { name: 'statuses', path: '/statuses', group: 'work', reading: 'statuses', key: 'u', ofWhole: 'programme' },
  { name: 'vouchers', path: '/vouchers', group: 'work', reading: 'vouchers', key: 'v', ofWhole: 'programme' },
  { name: 'registers', path: '/registers', group: 'work', reading: 'registers', key: 'k', isByStore: true },
  { name: 'proposals', path: '/proposals', group: 'decisions', reading: 'proposals', key: 'p' },
  {
    name: 'discrepancies',
    path: '/discrepancies',
    group: 'decisions',
    reading: 'discrepancies',
    key: 'd',
    isByStore: true,
  },
  {
    name: 'referrals',
    path: '/referrals',
    group: 'decisions',
    reading: 'referrals',
    key: 'f',
    isByStore: true,
  },
  {
    name: 'liability',
    path: '/liability',
    group: 'reports',
    reading: 'reports',
    key: 'l',
    ofWhole: 'programme',
  },
  { name: 'expiry', path: '/expiry', group: 'reports', reading: 'reports', key: 'e', ofWhole: 'programme' },
  {
    name: 'storesReport',
    path: '/stores-report',
    group: 'reports',
    reading: 'reports',
    key: 'm',
    isByStore: true,
  },
  { name: 'rules', path: '/rules', group: 'settings', reading: 'books', key: 'r' },
  { name: 'stores', path: '/stores', group: 'settings', reading: 'stores', key: 't' },
  { name: 'staff', path: '/staff', group: 'settings', reading: 'staff', key: 's', ofWhole: 'cloud' },
  { name: 'audit', path: '/audit', group: 'settings', reading: 'audit log', key: 'a', ofWhole: 'cloud' },
]

export function usePages(): PageEntry[] {
  const { readings, sees } = useSession()
  const isWhole = { programme: sees.stores === null, cloud: sees.stores === null && sees.programmes === null }
  return pages.filter(({ reading, ofWhole }) => readings.includes(reading) && (!ofWhole || isWhole[ofWhole]))
}

/** Elsewhere a store that was chosen would stand above figures of all of them. */
export const isByStore = (path: string): boolean => pages.some((page) => page.isByStore && page.path === path)
