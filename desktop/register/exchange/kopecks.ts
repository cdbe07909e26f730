/** The largest amount that is still whole after every multiplication of money.ts: a thousand million rubles. */
const LARGEST_KOPECKS = 100_000_000_000

/** Rubles, in one piece or in groups of three as 1C's Формат() writes them, and whatever follows the point. */
const RUBLES = /^(\d+|\d{1,3}(?:\s\d{3})+)(?:([.,])(\d+))?$/

/**
 * Whole kopecks of a decimal text, exactly: the digits are never a float. Three digits after a comma are
 * refused even when they are zeros, because an English 1C writes a thousand as "1,000".
 */
export function parseKopecks(text: string): number | null {
  const [isRubles, rubles = '', point, fraction = ''] = RUBLES.exec(text.trim()) ?? []
  if (!isRubles || (point === ',' && fraction.length === 3) || /[^0]/.test(fraction.slice(2))) return null
  const kopecks = Number(rubles.replaceAll(/\s/g, '') + fraction.slice(0, 2).padEnd(2, '0'))
  return kopecks <= LARGEST_KOPECKS ? kopecks : null
}
