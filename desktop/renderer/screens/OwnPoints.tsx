import { useState } from 'react'
import type { Choice } from '../../../shared/bridge.ts'
import { formatWhole } from '../../../shared/numbers.ts'
import { typePoints } from '../pointChoice.ts'
import { useTexts } from '../screen.ts'
import { EntryDialog } from '../ui/EntryDialog.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Keypad } from '../ui/Keypad.tsx'

interface OwnPointsProps {
  most: number
  /** What was chosen before, and then what is typed here: the register says what it would do. */
  choice: Choice
  onChoose: (points: number) => void
  onClose: () => void
}

/** Any number of points, by stepping or typing; the first digit begins a new number. */
export function OwnPoints({ most, choice, onChoose, onClose }: OwnPointsProps) {
  const texts = useTexts()
  const [before] = useState(choice.points)
  const [{ points, isTouched }, setEntry] = useState({ points: before, isTouched: false })
  const isGood = points >= 1 && points <= most
  const enter = (next: number) => {
    setEntry({ points: next, isTouched: true })
    if (next >= 1 && next <= most) onChoose(next)
  }
  const type = (character: string) => enter(typePoints(isTouched ? points : 0, character, most))
  const backspace = () => enter(Math.floor(points / 10))
  const step = (by: number) => enter(Math.min(Math.max(points + by, 1), most))
  const leave = () => {
    onChoose(before)
    onClose()
  }
  return (
    <EntryDialog
      title={texts.ready.ownTitle}
      pad={<Keypad corner="clear" onType={type} onBackspace={backspace} onClear={() => enter(0)} />}
      keys={{ type, backspace }}
      done={{ isGood, act: onClose }}
      onLeave={leave}
    >
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
        {choice.points === points ? texts.ready.toPay(choice.paidKopecks) : '\u00a0'}
      </p>
    </EntryDialog>
  )
}
