import { useEffect, useRef, useState } from 'react'
import { formatCard } from '../../../shared/numbers.ts'
import { formatVoucherCode, maybeVoucherCode, readVoucherCode } from '../../../shared/voucherCode.ts'
import { cardOf, typeCard, whenToSearch, wholeLength } from '../cardInput.ts'
import { missOf } from '../failure.ts'
import { expectHabitualEnter, OUR_FIELD, useKeys } from '../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { Keypad } from '../ui/Keypad.tsx'

/** Long enough for the next digit of a QR form, short enough for a card that begins with 99. */
const PAUSE_MS = 1200

interface Entry {
  digits: string
  /** Asked about already: the next digit begins another card. */
  isAsked: boolean
}

const emptyEntry: Entry = { digits: '', isAsked: false }

export function CardEntry() {
  const screen = useScreen()
  const texts = useTexts()
  const cardDigits = useSnapshot(({ programme }) => programme.card_digits)
  const isSearching = useSnapshot(({ search }) => search !== null)
  const notFound = useSnapshot((snapshot) => snapshot.notFound)
  const shown = useSnapshot((snapshot) => snapshot.voucher)
  const canJoin = useSnapshot(({ joinUrl }) => joinUrl !== null)
  const [entry, setEntry] = useState(emptyEntry)
  const { digits, isAsked } = entry
  const field = useRef<HTMLInputElement>(null)

  function find(code: string): void {
    // A good voucher has been taken: now the field is for the card.
    setEntry(readVoucherCode(code) === null ? { digits: code, isAsked: true } : emptyEntry)
    expectHabitualEnter()
    screen.findCustomer(code)
  }
  const type = (character: string) =>
    setEntry((before) => ({
      digits: typeCard(before.isAsked ? '' : before.digits, character, cardDigits),
      isAsked: false,
    }))
  const backspace = () =>
    setEntry(({ digits, isAsked }) =>
      isAsked && !maybeVoucherCode(digits) ? emptyEntry : { digits: digits.slice(0, -1), isAsked: false },
    )
  const clear = () => {
    setEntry(emptyEntry)
    if (shown) void screen.look((api) => api.dropVoucher({}))
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for what was typed
  useEffect(() => {
    if (isAsked) return
    const when = whenToSearch(digits, cardDigits)
    if (when === 'now') find(digits)
    if (when !== 'after_pause') return
    const timer = setTimeout(() => find(digits), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [digits, isAsked, cardDigits])
  useEffect(() => field.current?.focus(), [])
  useKeys({
    type,
    backspace,
    escape: clear,
    f4: () => screen.show('returns'),
    f6: () => canJoin && screen.show('join'),
    enter: () => digits.length >= wholeLength(digits, cardDigits) && find(digits),
  })

  const isRefused = notFound !== null && (isAsked || digits === '')
  const message = isSearching
    ? texts.idle.searching(formatCard(digits))
    : isRefused
      ? missOf({ ...notFound, code: formatCard(notFound.code.slice(0, 24)) }, texts)
      : shown
        ? texts.voucher.waits(formatVoucherCode(shown.code))
        : texts.idle.cardHint
  return (
    <>
      <div className="card-entry">
        <label className="label" htmlFor="card-number">
          {texts.idle.card}
        </label>
        <div className="card-field num" data-tone={isRefused && !isSearching ? 'bad' : 'plain'}>
          <input
            {...OUR_FIELD}
            ref={field}
            id="card-number"
            inputMode="none"
            autoComplete="off"
            aria-describedby="card-message"
            aria-invalid={isRefused}
            value={digits}
            onChange={({ target }) => setEntry({ digits: cardOf(target.value, cardDigits), isAsked: false })}
          />
          <span className="card-ghost" aria-hidden="true">
            <i>{digits}</i>
            {'_'.repeat(Math.max(0, wholeLength(digits, cardDigits) - digits.length))}
          </span>
          {isSearching && <span className="spinner" />}
        </div>
        <p
          id="card-message"
          className={isRefused && !isSearching ? 'card-message bad' : 'card-message'}
          aria-live="polite"
        >
          {message}
        </p>
      </div>
      <Keypad corner="clear" onType={type} onBackspace={backspace} onClear={clear} />
    </>
  )
}
