/**
 * The form of a word that fits a number. Three forms are Russian: 1 балл, 2 балла, 5 баллов, and 11 to 14 are like 5.
 * Two are English: 1 point, 2 points.
 */
export function plural(
  count: number,
  ...forms: [one: string, many: string] | [one: string, few: string, many: string]
): string {
  const [one, few, many = few] = forms
  if (forms.length === 2) return count === 1 ? one : many
  const tens = Math.abs(count) % 100
  const ones = tens % 10
  if (tens >= 11 && tens <= 14) return many
  if (ones === 1) return one
  return ones >= 2 && ones <= 4 ? few : many
}
