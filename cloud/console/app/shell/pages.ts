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
  { name: 'proposals', path: '/proposals', group: 'decisions', reading: 'proposals', key: 'p' },
  { name: 'staff', path: '/staff', group: 'settings', reading: 'staff', key: 's' },
  { name: 'audit', path: '/audit', group: 'settings', reading: 'audit log', key: 'a' },
]

export function usePages(): PageEntry[] {
  const { readings } = useSession()
  return pages.filter(({ reading }) => readings.includes(reading))
}
