import { useSyncExternalStore } from 'react'
import type { Language } from '../../../shared/me.ts'

export type Theme = 'light' | 'dark' | 'system'

/** What this browser remembers of how somebody likes the console. Nothing of the programme is among it. */
const keys = { theme: 'kopilka.theme', language: 'kopilka.language' } as const
const listeners = new Set<() => void>()

const isTheme = (text: string | null): text is Theme => text === 'light' || text === 'dark'

export const preferences = {
  theme: (): Theme => {
    const kept = localStorage.getItem(keys.theme)
    return isTheme(kept) ? kept : 'system'
  },
  /** Null: that of the account. */
  language: (): Language | null => {
    const kept = localStorage.getItem(keys.language)
    return kept === 'ru' || kept === 'en' ? kept : null
  },
  keepTheme(theme: Theme) {
    localStorage.setItem(keys.theme, theme)
    showTheme()
    tell()
  },
  keepLanguage(language: Language) {
    localStorage.setItem(keys.language, language)
    tell()
  },
}

/** The style sheet has each colour for both; which of them, the root says. */
export function showTheme(): void {
  const theme = preferences.theme()
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const tell = () => {
  for (const listener of listeners) listener()
}

export const useTheme = () => useSyncExternalStore(subscribe, preferences.theme)
export const useKeptLanguage = () => useSyncExternalStore(subscribe, preferences.language)
