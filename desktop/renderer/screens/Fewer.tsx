import type { Offer } from '../../../shared/bridge.ts'
import { formatWhole } from '../../../shared/numbers.ts'
import { presetsBelow } from '../pointChoice.ts'
import { useTexts } from '../screen.ts'

interface FewerProps {
  most: number
  points: number
  /** Null: what keeps it from being more needs no words here. */
  bound: Extract<Offer['redeem'], { isPossible: true }>['bound'] | null
  onChoose: (points: number) => void
  onOwn: () => void
}

/** Fewer points than all, in one tap. */
export function Fewer({ most, points, bound, onChoose, onOwn }: FewerProps) {
  const { ready } = useTexts()
  const presets = presetsBelow(most)
  const isOwn = points !== most && !presets.includes(points)
  return (
    <fieldset className="fewer num">
      <legend className="unseen">{ready.ownTitle}</legend>
      <span aria-hidden="true">{ready.less}</span>
      {presets.map((preset) => (
        <button key={preset} type="button" aria-pressed={points === preset} onClick={() => onChoose(preset)}>
          {formatWhole(preset)}
        </button>
      ))}
      <button type="button" aria-pressed={points === most} onClick={() => onChoose(most)}>
        {bound === null
          ? ready.atMost(most)
          : bound.by === 'share'
            ? ready.share(most, bound.basisPoints)
            : ready.all(most)}
      </button>
      {most > 1 && (
        <button type="button" aria-pressed={isOwn} onClick={onOwn}>
          {isOwn ? formatWhole(points) : ready.own}
        </button>
      )}
    </fieldset>
  )
}
