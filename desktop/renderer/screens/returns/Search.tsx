import { useEffect, useRef, useState } from 'react'
import type { CommandInput } from '../../../../shared/bridge.ts'
import { isSignedCode } from '../../../../shared/signedCode.ts'
import { DAY } from '../../../../shared/time.ts'
import { OUR_FIELD, useKeys } from '../../keyboard.ts'
import { useTexts } from '../../screen.ts'
import { Choice } from '../../ui/Choice.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Keypad } from '../../ui/Keypad.tsx'

export type Wanted = CommandInput<'findPurchases'>
type Way = 'receipt' | 'card' | 'day'

const LONGEST = 200
const MOST_DAYS = 400

interface SearchProps {
  onFind: (wanted: Wanted) => void
  onClose: () => void
  isSearching: boolean
}

/** By the number of the receipt, by a card, or by the day. */
export function Search({ onFind, onClose, isSearching }: SearchProps) {
  const texts = useTexts()
  const [way, setWay] = useState<Way>('receipt')
  const [text, setText] = useState('')
  const [daysAgo, setDaysAgo] = useState(0)

  const type = (character: string) =>
    /^\d$/.test(character) && setText((before) => (before + character).slice(0, LONGEST))
  const backspace = () => setText((before) => before.slice(0, -1))
  function choose(next: Way): void {
    setWay(next)
    setText('')
    if (next === 'day') onFind({ daysAgo })
  }
  function step(by: number): void {
    const next = Math.min(Math.max(daysAgo + by, 0), MOST_DAYS)
    setDaysAgo(next)
    onFind({ daysAgo: next })
  }
  function find(): void {
    const code = text.trim()
    if (way === 'day') onFind({ daysAgo })
    else if (code !== '' && !isSearching) onFind({ [way]: code })
  }
  /** The number on plastic could be that of a receipt; a phone shows only a card. */
  function scan(code: string): void {
    const scanned = way === 'card' || isSignedCode(code) ? 'card' : 'receipt'
    setWay(scanned)
    setText(code.slice(0, LONGEST))
    onFind({ [scanned]: code.slice(0, LONGEST) })
  }
  useKeys({
    ...(way === 'day' ? {} : { type, backspace }),
    enter: find,
    scan,
    escape: () => (text === '' ? onClose() : setText('')),
  })

  return (
    <div className="returns-search">
      <Choice
        label={texts.returns.by}
        value={way}
        options={(['receipt', 'card', 'day'] as const).map((one) => [one, texts.returns.ways[one]])}
        onChange={choose}
      />
      {way === 'day' ? (
        <DayChoice daysAgo={daysAgo} onStep={step} />
      ) : (
        <>
          <CodeField key={way} way={way} text={text} onChange={setText} />
          <Keypad corner="clear" onType={type} onBackspace={backspace} onClear={() => setText('')} />
          <button
            type="button"
            className="button main wide tall"
            disabled={text.trim() === '' || isSearching}
            onClick={find}
          >
            {texts.returns.find}
            <kbd>Enter</kbd>
          </button>
        </>
      )}
    </div>
  )
}

function CodeField({
  way,
  text,
  onChange,
}: {
  way: 'receipt' | 'card'
  text: string
  onChange: (text: string) => void
}) {
  const { returns } = useTexts()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <div className="field">
      <label htmlFor="returned-by">{returns[way]}</label>
      <input
        {...OUR_FIELD}
        ref={field}
        id="returned-by"
        className="num returns-code"
        inputMode="none"
        autoComplete="off"
        maxLength={LONGEST}
        aria-describedby="returned-by-hint"
        value={text}
        onChange={({ target }) => onChange(target.value)}
      />
      <p id="returned-by-hint" className="field-hint">
        {returns[`${way}Hint`]}
      </p>
    </div>
  )
}

function DayChoice({ daysAgo, onStep }: { daysAgo: number; onStep: (by: number) => void }) {
  const { returns } = useTexts()
  const name =
    daysAgo === 0
      ? returns.today
      : daysAgo === 1
        ? returns.yesterday
        : returns.daysAgo(Date.now() - daysAgo * DAY)
  return (
    <fieldset className="field returns-day">
      <legend>{returns.day}</legend>
      <button
        type="button"
        className="button square"
        disabled={daysAgo === MOST_DAYS}
        onClick={() => onStep(1)}
      >
        <Icon name="minus" />
        <span className="unseen">{returns.earlier}</span>
      </button>
      <output className="num">{name}</output>
      <button type="button" className="button square" disabled={daysAgo === 0} onClick={() => onStep(-1)}>
        <Icon name="plus" />
        <span className="unseen">{returns.later}</span>
      </button>
    </fieldset>
  )
}
