import type { Offer } from '../../../shared/bridge.ts'
import { known } from '../../../shared/known.ts'
import { formatWhole } from '../../../shared/numbers.ts'
import { missOf } from '../failure.ts'
import { presetsBelow } from '../pointChoice.ts'
import { useSnapshot, useTexts } from '../screen.ts'

interface RedeemOptionProps {
  redeem: Offer['redeem']
  onRedeem: () => void
  onChoose: (points: number) => void
  onOwn: () => void
}

/** What the tap would do stands on it; where it cannot be done, why stands in the same place. */
export function RedeemOption(props: RedeemOptionProps) {
  const texts = useTexts()
  const notFound = useSnapshot((snapshot) => snapshot.notFound)
  const { redeem } = props
  if (redeem.isPossible) return <Possible {...props} redeem={redeem} />
  return (
    <section className="option impossible">
      <div className="option-words">
        <p className="option-name">{texts.ready.cannotRedeem}</p>
        <p className="option-effect" aria-live="polite">
          {redeem.reason === 'code_needed' && notFound
            ? missOf({ ...notFound, code: '' }, texts)
            : (known(texts.noRedemption, redeem.reason) ?? texts.newReason.noRedemption)}
        </p>
      </div>
    </section>
  )
}

type PossibleRedemption = Extract<Offer['redeem'], { isPossible: true }>

function Possible({
  redeem: { maxPoints: most, bound, choice },
  onRedeem,
  onChoose,
  onOwn,
}: Omit<RedeemOptionProps, 'redeem'> & { redeem: PossibleRedemption }) {
  const texts = useTexts()
  const { points, paidKopecks, earned, isSure, remains } = choice
  const presets = presetsBelow(most)
  const isOwn = points !== most && !presets.includes(points)
  return (
    <section className="option main">
      <button type="button" className="option-tap" aria-keyshortcuts="F3" onClick={onRedeem}>
        <span className="option-words">
          <span className="option-name num">{texts.ready.redeem(points)}</span>
          <span className="option-effect num">
            {[
              texts.ready.toPay(paidKopecks),
              texts.ready.comesBack(earned, isSure),
              texts.ready.remains(remains, isSure),
            ].join(' · ')}
          </span>
        </span>
        <kbd>F3</kbd>
      </button>
      <fieldset className="fewer num">
        <legend className="unseen">{texts.ready.ownTitle}</legend>
        <span aria-hidden="true">{texts.ready.less}</span>
        {presets.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={points === preset}
            onClick={() => onChoose(preset)}
          >
            {formatWhole(preset)}
          </button>
        ))}
        <button type="button" aria-pressed={points === most} onClick={() => onChoose(most)}>
          {bound.by === 'share' ? texts.ready.share(most, bound.basisPoints) : texts.ready.all(most)}
        </button>
        {most > 1 && (
          <button type="button" aria-pressed={isOwn} onClick={onOwn}>
            {isOwn ? formatWhole(points) : texts.ready.own}
          </button>
        )}
      </fieldset>
    </section>
  )
}
