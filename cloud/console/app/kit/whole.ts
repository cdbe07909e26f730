/** A whole number as people type it, with spaces and a minus of whichever kind; null where it is none. */
export function wholeOf(typed: string): number | null {
  const digits = typed.replaceAll(/\s/g, '').replace(/^[−–]/, '-')
  return /^[+-]?\d{1,10}$/.test(digits) ? Number(digits) : null
}
