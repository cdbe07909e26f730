import { useState } from 'react'
import type { Sale } from '../../../shared/bridge.ts'
import { paidKopecks } from '../../../shared/money.ts'
import { formatWhole } from '../../../shared/numbers.ts'
import { useKeys } from '../keyboard.ts'
import { typePoints } from '../pointChoice.ts'
import { useTexts } from '../screen.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Keypad } from '../ui/Keypad.tsx'

interface OwnPointsProps {
  sale: Sale
  most: number
  first: number
  onChoose: (points: number) => void
  onClose: () => void
}

/** Any number of points, by stepping or typing; the first digit begins a new number. */
export function OwnPoints({ sale, most, first, onChoose, onClose }: OwnPointsProps) {
  const texts = useTexts()
  const [{ points }, setEntry] = useState({ points: first, isTouched: false })
  const isGood = points >= 1 && points <= most
  const type = (character: string) =>
    setEntry((before) => ({
      points: typePoints(before.isTouched ? before.points : 0, character, most),
      isTouched: true,
    }))
  const backspace = () => setEntry((before) => ({ points: Math.floor(before.points / 10), isTouched: true }))
  const step = (by: number) =>
    setEntry((before) => ({ points: Math.min(Math.max(before.points + by, 1), most), isTouched: true }))
  const choose = () => isGood && onChoose(points)
  useKeys({ type, backspace, enter: choose, escape: onClose })
  return (
    <Dialog title={texts.ready.ownTitle}>
      <p className="soft num">{texts.ready.most(most)}</p>
      <div className="stepper">
        <button type="button" className="button square" disabled={points <= 1} onClick={() => step(-1)}>
          <Icon name="minus" />
          <span className="unseen">{texts.ready.oneLess}</span>
        </button>
        <output className="num">{formatWhole(points)}</output>
        <button type="button" className="button square" disabled={points >= most} onClick={() => step(1)}>
          <Icon name="plus" />
          <span className="unseen">{texts.ready.oneMore}</span>
        </button>
      </div>
      <p className="stepper-effect num" aria-live="polite">
        {texts.ready.toPay(paidKopecks(sale.purchaseKopecks, points))}
      </p>
      <Keypad
        corner="clear"
        onType={type}
        onBackspace={backspace}
        onClear={() => setEntry({ points: 0, isTouched: true })}
      />
      <div className="buttons">
        <button type="button" className="button main" disabled={!isGood} onClick={choose}>
          {texts.common.done}
          <kbd>Enter</kbd>
        </button>
        <button type="button" className="button" onClick={onClose}>
          {texts.common.cancel}
          <kbd>Esc</kbd>
        </button>
      </div>
    </Dialog>
  )
}
