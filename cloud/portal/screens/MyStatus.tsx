import { inkOn } from '../../../shared/colour.ts'
import type { HeardMe } from '../../../shared/me.ts'
import { useTexts } from '../portal.ts'
import './myStatus.css'

/** The status with its colour, how far it is to the next, and what it brings. */
export function MyStatus({ status }: { status: NonNullable<HeardMe['status']> }) {
  const { status: texts } = useTexts()
  const { title, colour, benefits, cashbackBasisPoints, metric, value, next, isHighest = true } = status
  return (
    <section className="my-status">
      <h2
        className="my-status-title"
        style={colour ? { background: colour, color: inkOn(colour) } : undefined}
      >
        {texts.title(title)}
      </h2>
      {next && <progress aria-label={texts.progress} max={next.from} value={Math.min(value, next.from)} />}
      {(next || isHighest) && <p>{next ? texts.missing(metric, next.missing, next.title) : texts.highest}</p>}
      <ul>
        {[texts.cashback(cashbackBasisPoints), ...benefits].map((benefit) => (
          <li key={benefit}>{benefit}</li>
        ))}
      </ul>
    </section>
  )
}
