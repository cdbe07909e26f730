import { splitKopecks } from '../../../shared/numbers.ts'
import { useTexts } from '../screen.ts'

/** A sum to be read from a metre: kopecks and the sign are smaller than rubles. */
export function Money({ kopecks }: { kopecks: number }) {
  const { rubles, rest } = splitKopecks(kopecks, useTexts().decimal)
  return (
    <span className="money num">
      {rubles}
      <small>{`${rest}\u00a0₽`}</small>
    </span>
  )
}
