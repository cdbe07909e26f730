/** Narrow and unbreakable: a sum is one word on the screen. */
const THIN_SPACE = '\u202f'
export const NO_BREAK_SPACE = '\u00a0'
const MINUS = '\u2212'

/** 1044 → 1 044, with a true minus. */
export function formatWhole(value: number): string {
  const digits = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE)
  return value < 0 ? `${MINUS}${digits}` : digits
}

/** The sign is always there: what came, what went. */
export function formatSigned(value: number): string {
  return value > 0 ? `+${formatWhole(value)}` : formatWhole(value)
}

/** Rubles and kopecks apart: the screen shows kopecks smaller. */
export function splitKopecks(kopecks: number, decimal: string): { rubles: string; rest: string } {
  const rubles = formatWhole(Math.trunc(kopecks / 100))
  return { rubles, rest: `${decimal}${String(Math.abs(kopecks % 100)).padStart(2, '0')}` }
}

/** 123456 → 1 234,56 ₽ */
export function formatKopecks(kopecks: number, decimal: string): string {
  const { rubles, rest } = splitKopecks(kopecks, decimal)
  return `${rubles}${rest}${NO_BREAK_SPACE}₽`
}

/** A discount is whole points, and so whole rubles: 246 → 246 ₽ */
export function formatRubles(rubles: number): string {
  return `${formatWhole(rubles)}${NO_BREAK_SPACE}₽`
}

/** 654321 → 654 321: read aloud in threes. */
export function formatCard(card: string): string {
  return card.replace(/(\d{3})(?=\d)/g, `$1${THIN_SPACE}`)
}

/** 400 → 4, 425 → 4,25: whole numbers only, so that nothing is rounded. */
export function formatPercent(basisPoints: number, decimal: string): string {
  const hundredths = String(basisPoints % 100).padStart(2, '0')
  return `${Math.trunc(basisPoints / 100)}${`${decimal}${hundredths}`.replace(/\D?0+$/, '')}`
}
