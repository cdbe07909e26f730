/** 1 балл, 2 балла, 5 баллов; 11 to 14 are like 5. */
export function russianPlural(count: number, one: string, few: string, many: string): string {
  const tens = Math.abs(count) % 100
  const ones = tens % 10
  if (tens >= 11 && tens <= 14) return many
  if (ones === 1) return one
  return ones >= 2 && ones <= 4 ? few : many
}
