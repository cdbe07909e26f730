import { blend, inkOn, readableOn } from '../../../shared/colour.ts'

/** Ours, where Telegram gives none: the colours of the kiosk. */
const own = {
  light: {
    bg_color: '#ffffff',
    secondary_bg_color: '#f3f1ec',
    text_color: '#1d2320',
    hint_color: '#59625c',
    button_color: '#0b6b4a',
    destructive_text_color: '#a8221b',
  },
  dark: {
    bg_color: '#1d2421',
    secondary_bg_color: '#121715',
    text_color: '#eef2ef',
    hint_color: '#a6b0aa',
    button_color: '#6fd0a6',
    destructive_text_color: '#ff9f97',
  },
}

const GOOD = '#12845c'
const WARN = '#b06a00'

/**
 * The colours of the screen from those of the person's Telegram. A theme may be anything, so whatever carries
 * words is moved until the words can be read.
 */
export function coloursOfTheme(params: Record<string, string>, prefersDark: boolean) {
  const isGiven = params.bg_color !== undefined && params.text_color !== undefined
  const fallback = own[isDarkTheme(params, prefersDark) ? 'dark' : 'light']
  const theme: Record<string, string> & typeof fallback = isGiven ? { ...fallback, ...params } : fallback
  const page = theme.secondary_bg_color
  const surface = theme.section_bg_color ?? theme.bg_color
  const readable = (colour: string) => readableOn(readableOn(colour, page), surface)
  const ink = readable(theme.text_color)
  const accent = readable(theme.accent_text_color ?? theme.button_color)
  // White on what is too light for it is darkened, as the rest of Telegram's buttons look.
  const buttonInk = theme.button_text_color ?? inkOn(theme.button_color)
  return {
    page,
    surface,
    ink,
    soft: readable(theme.subtitle_text_color ?? theme.hint_color),
    line: blend(surface, ink, 0.11),
    well: blend(surface, ink, 0.06),
    accent,
    'accent-soft': blend(surface, accent, 0.13),
    'accent-on-soft': readableOn(accent, blend(surface, accent, 0.13)),
    button: readableOn(theme.button_color, buttonInk),
    'button-ink': buttonInk,
    on: GOOD,
    good: readable(GOOD),
    'good-soft': blend(surface, GOOD, 0.14),
    'good-on-soft': readableOn(GOOD, blend(surface, GOOD, 0.14)),
    warn: readable(WARN),
    'warn-soft': blend(surface, WARN, 0.15),
    'warn-on-soft': readableOn(WARN, blend(surface, WARN, 0.15)),
    bad: readable(theme.destructive_text_color),
    'bad-soft': blend(surface, theme.destructive_text_color, 0.13),
    'bad-on-soft': readableOn(
      theme.destructive_text_color,
      blend(surface, theme.destructive_text_color, 0.13),
    ),
  }
}

export function isDarkTheme(params: Record<string, string>, prefersDark: boolean): boolean {
  return params.bg_color === undefined ? prefersDark : inkOn(params.bg_color) === '#ffffff'
}

export function applyTheme(root: HTMLElement, params: Record<string, string>, prefersDark: boolean): string {
  const colours = coloursOfTheme(params, prefersDark)
  for (const [name, colour] of Object.entries(colours)) root.style.setProperty(`--${name}`, colour)
  root.style.colorScheme = isDarkTheme(params, prefersDark) ? 'dark' : 'light'
  return colours.page
}
