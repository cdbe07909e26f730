import type { Offer, VoucherOffer } from '../../../../shared/bridge.ts'
import { known } from '../../../../shared/known.ts'
import { useTexts } from '../../screen.ts'
import { Fewer } from '../Fewer.tsx'
import { RedeemOption } from '../RedeemOption.tsx'

type PossibleVoucher = Extract<VoucherOffer, { isPossible: true }>

interface VoucherOptionsProps {
  voucher: PossibleVoucher
  redeem: Offer['redeem']
  /** With points: beside the voucher, or instead of it where they do not go together. */
  onSpend: () => void
  onAlone: () => void
  onChoose: (points: number) => void
  onOwn: () => void
}

/** A voucher that was shown is used by either tap: with points, or without them. */
export function VoucherOptions(props: VoucherOptionsProps) {
  const { voucher, redeem, onSpend, onChoose, onOwn } = props
  return (
    <>
      {voucher.isWithPoints ? (
        <Together {...props} />
      ) : (
        <RedeemOption
          redeem={redeem}
          isMain={!voucher.isLarger}
          isWithoutVoucher
          onRedeem={onSpend}
          onChoose={onChoose}
          onOwn={onOwn}
        />
      )}
      <Alone {...props} />
    </>
  )
}

function Together({ voucher, redeem, onSpend, onChoose, onOwn }: VoucherOptionsProps) {
  const texts = useTexts()
  const { ready, voucher: words } = texts
  const { maxPoints: most, points, discountRubles, paidKopecks, earned, isSure, remains, alone } = voucher
  if (most === 0)
    return (
      <section className="option impossible">
        <div className="option-words">
          <p className="option-name">{ready.cannotRedeem}</p>
          <p className="option-effect">
            {redeem.isPossible
              ? words.nothingLeft
              : (known(texts.noRedemption, redeem.reason) ?? texts.newReason.noRedemption)}
          </p>
        </div>
      </section>
    )
  return (
    <section className="option main">
      <button type="button" className="option-tap" aria-keyshortcuts="F3" onClick={onSpend}>
        <span className="option-words">
          <span className="option-name num">{words.together(discountRubles)}</span>
          <span className="option-parts num">{words.parts(alone.discountRubles, points)}</span>
          <span className="option-effect num">
            {[
              ready.toPay(paidKopecks),
              ready.comesBack(earned, isSure),
              ...(remains === null ? [] : [ready.remains(remains, isSure)]),
            ].join(' · ')}
          </span>
        </span>
        <kbd>F3</kbd>
      </button>
      <Fewer
        most={most}
        points={points}
        bound={redeem.isPossible && redeem.maxPoints === most ? redeem.bound : null}
        onChoose={onChoose}
        onOwn={onOwn}
      />
    </section>
  )
}

function Alone({ voucher, onAlone }: VoucherOptionsProps) {
  const { ready, voucher: words } = useTexts()
  const { alone, isWithPoints, isLarger, maxPoints } = voucher
  const isMain = isWithPoints ? maxPoints === 0 : isLarger
  return (
    <section className={isMain ? 'option main' : 'option'}>
      <button type="button" className="option-tap" aria-keyshortcuts="F2" onClick={onAlone}>
        <span className="option-words">
          <span className="option-name num">{words.alone(alone.discountRubles)}</span>
          <span className="option-effect num">
            {[
              ready.toPay(alone.paidKopecks),
              ready.comesBack(alone.earned, alone.isSure),
              ...(alone.remains === null ? [] : [ready.becomes(alone.remains, alone.isSure)]),
            ].join(' · ')}
          </span>
        </span>
        <kbd>F2</kbd>
      </button>
    </section>
  )
}
