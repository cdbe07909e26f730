import { useFormats } from '../format.ts'
import { useWords } from '../words.ts'
import { campaignWords } from './words.ts'
import '../trials/trials.css'

/** What was spent of what may be, with the number beside the bar. */
export function Meter({ points, budget }: { points: number | null; budget: number | null }) {
  const texts = useWords(campaignWords)
  const { whole } = useFormats()
  if (points === null) return <span className="soft">{texts.notCounted}</span>
  const share = budget === null ? null : Math.min(1, points / budget)
  return (
    <span className="meter">
      <span>
        <b>{whole(points)}</b>{' '}
        <span className="soft">{budget === null ? texts.noBudget : texts.ofBudget(whole(budget))}</span>
      </span>
      {share !== null && (
        <span className={share >= 0.8 ? 'track near' : 'track'} aria-hidden="true">
          <i style={{ width: `${share * 100}%` }} />
        </span>
      )}
    </span>
  )
}
