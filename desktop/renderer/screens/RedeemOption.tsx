import type { Offer } from '../../../shared/bridge.ts'
import { known } from '../../../shared/known.ts'
import { missOf } from '../failure.ts'
import { useSnapshot, useTexts } from '../screen.ts'
import { Fewer } from './Fewer.tsx'

interface RedeemOptionProps {
  redeem: Offer['redeem']
  /** Something else on the screen gives more. */
  isMain?: boolean
  /** A voucher was shown, and this tap leaves it unused. */
  isWithoutVoucher?: boolean
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
  isMain = true,
  isWithoutVoucher = false,
  onRedeem,
  onChoose,
  onOwn,
}: Omit<RedeemOptionProps, 'redeem'> & { redeem: PossibleRedemption }) {
  const texts = useTexts()
  const { points, paidKopecks, earned, isSure, remains } = choice
  return (
    <section className={isMain ? 'option main' : 'option'}>
      <button type="button" className="option-tap" aria-keyshortcuts="F3" onClick={onRedeem}>
        <span className="option-words">
          <span className="option-name num">{texts.ready.redeem(points)}</span>
          <span className="option-effect num">
            {[
              ...(isWithoutVoucher ? [texts.voucher.without] : []),
              texts.ready.toPay(paidKopecks),
              texts.ready.comesBack(earned, isSure),
              ...(remains === null ? [] : [texts.ready.remains(remains, isSure)]),
            ].join(' · ')}
          </span>
        </span>
        <kbd>F3</kbd>
      </button>
      <Fewer most={most} points={points} bound={bound} onChoose={onChoose} onOwn={onOwn} />
    </section>
  )
}
