import { useEffect, useRef, useState } from 'react'
import type { FoundPurchase, Returned } from '../../../../shared/bridge.ts'
import { formatKopecks, formatWhole } from '../../../../shared/numbers.ts'
import { kopecksOf, typeAmount } from '../../amountInput.ts'
import { OUR_FIELD, useKeys } from '../../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import { Choice } from '../../ui/Choice.tsx'
import { Keypad } from '../../ui/Keypad.tsx'
import { Note } from '../../ui/Note.tsx'
import { PinEntry } from '../../ui/PinEntry.tsx'
import { PurchaseFacts } from './FoundList.tsx'

interface ReturnOfProps {
  purchase: FoundPurchase
  /** The cloud has not answered: it will be told later. */
  isQueued: boolean
  onBack: () => void
}

/** The whole, or a sum of it; what comes back and what is taken is there before anything is done. */
export function ReturnOf({ purchase, isQueued, onBack }: ReturnOfProps) {
  const screen = useScreen()
  const texts = useTexts()
  const { returns } = texts
  const days = useSnapshot(({ programme }) => programme.return_days)
  const hasPin = useSnapshot(({ settings }) => settings.hasPin)
  const [extent, setExtent] = useState<'whole' | 'part'>('whole')
  const [text, setText] = useState('')
  const [isPinAsked, setPinAsked] = useState(false)
  const { id, whole, isLate, refundedKopecks } = purchase
  const most = whole?.kopecks ?? 0
  const typedKopecks = kopecksOf(text)
  const partly = usePreview(id, extent === 'part' && typedKopecks <= most ? typedKopecks : 0)
  const shown = extent === 'whole' ? whole : partly

  async function giveBack(pin?: string): Promise<boolean> {
    if (!shown) return false
    const part = extent === 'part' ? { refundKopecks: shown.kopecks } : {}
    const reply = await screen.ask((api) =>
      api.returnPurchase({ operationId: id, ...part, ...(pin && { pin }) }),
    )
    return reply?.ok === true
  }
  function confirm(): void {
    if (!shown) return
    if (isLate && hasPin) setPinAsked(true)
    else void giveBack()
  }
  const type = (character: string) => setText((before) => typeAmount(before, character))
  const backspace = () => setText((before) => before.slice(0, -1))
  useKeys({ ...(extent === 'part' && { type, backspace }), enter: confirm, escape: onBack })

  if (isPinAsked)
    return <PinEntry label={returns.pinAsk} onPin={giveBack} onCancel={() => setPinAsked(false)} />
  const money = (kopecks: number) => formatKopecks(kopecks, texts.decimal)
  return (
    <>
      <div className="returns-search">
        <PurchaseFacts purchase={purchase} />
        {most > 0 && (
          <Choice
            label={returns.what}
            value={extent}
            options={[
              ['whole', refundedKopecks > 0 ? returns.rest(money(most)) : returns.whole(money(most))],
              ['part', returns.part],
            ]}
            onChange={setExtent}
          />
        )}
        {extent === 'part' && (
          <>
            <SumField text={text} onChange={setText} mostKopecks={most} />
            <Keypad corner="comma" onType={type} onBackspace={backspace} />
          </>
        )}
      </div>
      <div className="returns-found">
        {isQueued && <Note tone="warn">{returns.registerOnly}</Note>}
        {isLate && <Note tone="warn">{returns.late(days)}</Note>}
        <Effect returned={shown} />
        <div className="buttons">
          <button type="button" className="button main tall" disabled={!shown} onClick={confirm}>
            {returns.confirm}
            <kbd>Enter</kbd>
          </button>
          <button type="button" className="button tall" onClick={onBack}>
            {returns.back}
            <kbd>Esc</kbd>
          </button>
        </div>
      </div>
    </>
  )
}

/** What returning so much would do, as the register says; null until it has. */
function usePreview(operationId: string, refundKopecks: number): Returned | null {
  const screen = useScreen()
  const [preview, setPreview] = useState<Returned | null>(null)
  useEffect(() => {
    let isCurrent = refundKopecks > 0
    if (isCurrent)
      screen
        .peek((api) => api.previewReturn({ operationId, refundKopecks }))
        .then((reply) => isCurrent && setPreview(reply?.ok ? reply.value : null))
    return () => {
      isCurrent = false
    }
  }, [screen, operationId, refundKopecks])
  return preview?.kopecks === refundKopecks ? preview : null
}

function Effect({ returned }: { returned: Returned | null }) {
  const texts = useTexts()
  const { returns, points } = texts
  const nothing = '–'
  const lines: [string, string][] = [
    [returns.money, returned ? formatKopecks(returned.kopecks, texts.decimal) : nothing],
    [returns.givenBack, returned ? points(returned.givenBack) : nothing],
    [
      returns.taken,
      returned ? (returned.taken === null ? returns.takenUnknown : points(returned.taken)) : nothing,
    ],
  ]
  return (
    <>
      <dl className="lines num" aria-live="polite">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="soft">{texts.recent.confirmMoney}</p>
      {returned?.taken !== 0 && <p className="soft">{returns.debtHint}</p>}
    </>
  )
}

function SumField({
  text,
  onChange,
  mostKopecks,
}: {
  text: string
  onChange: (text: string) => void
  mostKopecks: number
}) {
  const texts = useTexts()
  const field = useRef<HTMLInputElement>(null)
  // Whoever has chosen it by keyboard types now, and means the return by Enter.
  useEffect(() => field.current?.focus(), [])
  const [rubles = '', kopecks] = text.split(',')
  const shown = formatWhole(Number(rubles)) + (kopecks === undefined ? '' : texts.decimal + kopecks)
  const isTooLarge = kopecksOf(text) > mostKopecks
  const most = formatKopecks(mostKopecks, texts.decimal)
  return (
    <div className="field">
      <label htmlFor="returned-sum">{texts.returns.sum}</label>
      <input
        {...OUR_FIELD}
        ref={field}
        id="returned-sum"
        className="num returns-code"
        inputMode="none"
        autoComplete="off"
        aria-describedby="returned-sum-hint"
        aria-invalid={isTooLarge}
        value={text === '' ? '' : shown}
        placeholder={`0${texts.decimal}00`}
        onChange={({ target }) =>
          onChange([...target.value].reduce((before, character) => typeAmount(before, character), ''))
        }
      />
      <p id="returned-sum-hint" className={isTooLarge ? 'field-hint bad' : 'field-hint'} aria-live="polite">
        {isTooLarge ? texts.amount.tooLarge(most) : texts.returns.sumHint(most)}
      </p>
    </div>
  )
}
