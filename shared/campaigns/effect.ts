/** Some people, and what they bought. */
export interface Group {
  people: number
  buyers: number
  purchases: number
  kopecks: number
  /** The sum of the squares of what each has bought. */
  squares: number
}

export interface Effect {
  /** How much more one of the audience has bought than one who was left out. */
  kopecksEach: number
  /** The effect is between these, in nineteen of twenty campaigns like this one. */
  from: number
  to: number
  /** While it may as well be nothing. */
  verdict: 'too_early' | 'more' | 'less'
}

/** Of a normal distribution, 95 % lie within. */
const WITHIN = 1.96
/** With fewer people in a group the mean of what they buy is not distributed so. */
export const FEWEST_PEOPLE = 30

/** By the difference of two means, each with the spread of its own group. */
export function effectOf(audience: Group, holdout: Group): Effect {
  const [one, other] = [meanOf(audience), meanOf(holdout)]
  const difference = one.mean - other.mean
  const reach = WITHIN * Math.sqrt(one.variance + other.variance)
  const [from, to] = [Math.round(difference - reach), Math.round(difference + reach)]
  const isEarly = Math.min(audience.people, holdout.people) < FEWEST_PEOPLE || (from <= 0 && to >= 0)
  return {
    ...{ kopecksEach: Math.round(difference), from, to },
    verdict: isEarly ? 'too_early' : difference > 0 ? 'more' : 'less',
  }
}

/** The mean, and the variance of the mean itself. */
function meanOf({ people, kopecks, squares }: Group): { mean: number; variance: number } {
  if (people < 2) return { mean: people === 0 ? 0 : kopecks, variance: 0 }
  const mean = kopecks / people
  return { mean, variance: Math.max(0, squares - people * mean * mean) / (people - 1) / people }
}
