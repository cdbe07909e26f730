import { formatWhole } from '../../shared/numbers.ts'

/** A sum as it is being typed: rubles, and kopecks after a comma. */
export function typeAmount(text: string, character: string): string {
  // On a Cyrillic layout comma and full stop are the key that types a slash.
  if (/^[.,/?]$/.test(character)) return text.includes(',') ? text : `${text || '0'},`
  if (!/^\d$/.test(character)) return text
  const [rubles = '', kopecks] = text.split(',')
  if (kopecks !== undefined) return kopecks.length < 2 ? text + character : text
  if (rubles.length >= 8) return text
  return rubles === '0' ? character : text + character
}

/** Whole kopecks, with no float on the way. */
export function kopecksOf(text: string): number {
  const [rubles = '', kopecks = ''] = text.split(',')
  return Number(rubles || '0') * 100 + Number(kopecks.padEnd(2, '0'))
}

/** As it is read: the thousands apart, and what was typed behind the comma. */
export function shownAmount(text: string, decimal: string): string {
  if (text === '') return ''
  const [rubles = '', kopecks] = text.split(',')
  return formatWhole(Number(rubles)) + (kopecks === undefined ? '' : decimal + kopecks)
}

/** What is a sum of a text that was put into the field in one go. */
export const amountOf = (text: string) => [...text].reduce(typeAmount, '')
