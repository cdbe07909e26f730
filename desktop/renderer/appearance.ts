import type { Preferences } from '../../shared/bridge.ts'
import { blend, inkOn, readableOn } from '../../shared/colour.ts'

/** The grounds of styles/colours.css that text in the chain's colour stands on. */
const grounds = { light: '#ffffff', dark: '#1d2421' } as const

/** Dresses the page: language, theme, the chain's colour and name, and whether things move. */
export function applyAppearance(
  page: Document,
  preferences: Omit<Preferences, 'hasSound' | 'showsRecent'>,
  system: { isDark: boolean; isStill: boolean },
): void {
  const { language, brand, colour, theme, hasMotion } = preferences
  const shown = theme === 'system' ? (system.isDark ? 'dark' : 'light') : theme
  const ground = grounds[shown]
  const soft = blend(ground, colour, shown === 'dark' ? 0.28 : 0.11)
  const root = page.documentElement
  root.lang = language
  root.dataset.theme = shown
  root.dataset.motion = hasMotion && !system.isStill ? 'on' : 'off'
  page.title = brand
  const values = {
    '--brand': colour,
    '--brand-ink': inkOn(colour),
    '--brand-text': readableOn(colour, ground),
    '--brand-soft': soft,
    '--brand-soft-text': readableOn(colour, soft),
  }
  for (const [name, value] of Object.entries(values)) root.style.setProperty(name, value)
}
