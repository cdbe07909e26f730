import type { Offer } from '../../../shared/bridge.ts'
import { useTexts } from '../screen.ts'

interface EarnOptionProps {
  earn: Offer['earn']
  becomes: Offer['becomes']
  /** There is nothing to spend: earning is what the tap is for. */
  isMain: boolean
  /** A voucher was shown, and this tap leaves it unused. */
  isWithoutVoucher?: boolean
  onEarn: () => void
}

export function EarnOption({ earn, becomes, isMain, isWithoutVoucher = false, onEarn }: EarnOptionProps) {
  const { ready, voucher } = useTexts()
  const effects = [...(isWithoutVoucher ? [voucher.without] : []), ready.toPay(earn.paidKopecks)]
  if (becomes !== null) effects.push(ready.becomes(becomes, earn.isSure))
  return (
    <section className={isMain ? 'option main' : 'option'}>
      <button
        type="button"
        className="option-tap"
        aria-keyshortcuts={isMain ? 'F2 Enter' : 'F2'}
        onClick={onEarn}
      >
        <span className="option-words">
          <span className="option-name num">
            {earn.earned > 0 ? ready.earn(earn.earned, earn.isSure) : ready.earnNothing}
          </span>
          {earn.parts.length > 1 && (
            <span className="option-parts num">{ready.parts(earn.parts, earn.more)}</span>
          )}
          <span className="option-effect num">{effects.join(' · ')}</span>
        </span>
        <kbd>F2</kbd>
      </button>
    </section>
  )
}
