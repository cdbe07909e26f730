/** Five digits are wide: three of them would not stand in one row. */
const WIDE = 10_000

/** Round numbers below the most that can be spent: the largest few, smallest first. */
export function presetsBelow(most: number): number[] {
  const round = [1, 2, 5].flatMap((digit) => [1, 10, 100, 1000, 10_000, 100_000].map((ten) => digit * ten))
  return round
    .filter((points) => points < most)
    .sort((left, right) => left - right)
    .slice(most < WIDE ? -3 : -2)
}

/** What was typed, kept between one point and the most. */
export function typePoints(points: number, character: string, most: number): number {
  if (!/^\d$/.test(character)) return points
  return Math.min(points * 10 + Number(character), most)
}
