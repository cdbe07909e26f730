import { useSyncExternalStore } from 'react'

export type Tab = 'card' | 'history' | 'expiry' | 'profile'
/** What lies over a tab. */
export type Cover = 'none' | 'code' | 'vouchers' | 'voucher' | 'invite' | 'erase'

export interface Place {
  tab: Tab
  cover: Cover
  /** Which one, where a cover is of one of many. */
  item?: string | undefined
  /** How many steps of ours lie behind it. */
  depth: number
}

const START: Place = { tab: 'card', cover: 'none', depth: 0 }
const listeners = new Set<() => void>()

/** Where the person is, kept in the browser's history: so its back, Telegram's back and ours are one. */
export const route = {
  place: (): Place => (isPlace(history.state) ? history.state : START),

  /** The card is the ground; the other tabs lie beside each other, one step above it. */
  goTo(tab: Tab) {
    const { depth, tab: present } = route.place()
    if (tab === present) return
    if (tab === 'card') return route.back()
    if (present === 'card') push({ tab, cover: 'none', depth: depth + 1 })
    else replace({ tab, cover: 'none', depth })
  },
  cover(cover: Exclude<Cover, 'none'>, item?: string) {
    const { tab, depth } = route.place()
    push({ tab, cover, item, depth: depth + 1 })
  },
  /** To the tab or to the card, whatever is below. */
  back() {
    const { tab, cover, depth } = route.place()
    if (depth > 0) history.back()
    else replace({ ...START, tab: cover === 'none' ? 'card' : tab })
  },
  /** To the card, without a step. */
  restart: () => replace(START),
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

export function usePlace(): Place {
  return useSyncExternalStore(route.subscribe, () => route.place())
}

addEventListener('popstate', tell)

function push(place: Place) {
  history.pushState(place, '', location.pathname)
  tell()
}

function replace(place: Place) {
  history.replaceState(place, '', location.pathname)
  tell()
}

function tell() {
  for (const listener of listeners) listener()
}

function isPlace(state: unknown): state is Place {
  return typeof state === 'object' && state !== null && 'tab' in state && 'cover' in state
}
