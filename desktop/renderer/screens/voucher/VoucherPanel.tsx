import { useRef } from 'react'
import type { VoucherOffer, VoucherShown } from '../../../../shared/bridge.ts'
import { formatKopecks } from '../../../../shared/numbers.ts'
import { formatVoucherCode } from '../../../../shared/voucherCode.ts'
import { sentenceOfVoucher } from '../../failure.ts'
import { useScreen, useTexts } from '../../screen.ts'
import type { Texts } from '../../texts.ts'
import { needsPrice, pricedKopecks, useVoucher, type VoucherDoor, type VoucherHere } from './door.ts'
import { useSeenAtOnce } from './seenAtOnce.ts'
import './voucher.css'

/** The door to a voucher, and in the same place the voucher that was shown: what it gives, or why it does not. */
export function VoucherPanel({ door }: { door: VoucherDoor }) {
  const { shown, voucher } = useVoucher()
  const texts = useTexts()
  const problem = shown && problemOf({ shown, voucher }, texts)
  const place = useRef<HTMLDivElement>(null)
  useSeenAtOnce(place, problem)
  return (
    <div ref={place} className="voucher-place" aria-live="polite">
      {shown ? (
        <Shown shown={shown} voucher={voucher} problem={problem} door={door} />
      ) : (
        <button type="button" className="button wide" aria-keyshortcuts="F7" onClick={door.enterCode}>
          {texts.voucher.open}
          <kbd>F7</kbd>
        </button>
      )}
    </div>
  )
}

interface ShownProps {
  shown: VoucherShown
  voucher: VoucherOffer | null
  door: VoucherDoor
}

function Shown({ shown, voucher, problem, door }: ShownProps & { problem: string | null }) {
  const texts = useTexts()
  const { voucher: words } = texts
  return (
    <section className="voucher" data-problem={problem !== null} aria-label={words.open}>
      <div className="voucher-head">
        <div>
          <p className="label num">{words.code(formatVoucherCode(shown.code))}</p>
          <p className="voucher-gives num">{titleOf(shown, texts)}</p>
        </div>
        <button type="button" className="button" aria-keyshortcuts="F7" onClick={door.drop}>
          {words.drop}
          <kbd>F7</kbd>
        </button>
      </div>
      <p className="voucher-says num">{problem ?? saidOf({ shown, voucher }, texts)}</p>
      <Action shown={shown} voucher={voucher} door={door} />
    </section>
  )
}

/** What can be done about it, where something can. */
function Action({ shown, voucher, door }: ShownProps) {
  const screen = useScreen()
  const texts = useTexts()
  const { voucher: words } = texts
  const isAsked = needsPrice(voucher)
  const itemKopecks = pricedKopecks(voucher)
  if (isAsked || itemKopecks !== null)
    return (
      <button
        type="button"
        className={isAsked ? 'button main' : 'button'}
        aria-keyshortcuts="F8"
        onClick={door.enterPrice}
      >
        {itemKopecks === null ? words.setPrice : words.changePrice(formatKopecks(itemKopecks, texts.decimal))}
        <kbd>F8</kbd>
      </button>
    )
  if (shown.state !== 'bad' || !mayChange.has(shown.reason)) return null
  const ask = () => screen.ask((api) => api.showVoucher({ code: shown.code }))
  return (
    <button type="button" className="button" onClick={ask}>
      {words.again}
    </button>
  )
}

/** What a moment may change. */
const mayChange = new Set<string>(['cloud_away', 'in_use'])

function titleOf(shown: VoucherShown, { voucher: words }: Texts): string {
  switch (shown.state) {
    case 'good':
      return words.gives(shown.terms)
    case 'bad':
      return shown.title ?? words.open
    default:
      return words.asking
  }
}

/** Of the voucher itself, or of what it does in this sale; a price that is missing is no problem, but a question. */
function problemOf({ shown, voucher }: VoucherHere, texts: Texts): string | null {
  if (needsPrice(voucher)) return null
  if (shown?.state === 'bad') return sentenceOfVoucher(shown.reason, {}, texts)
  return voucher?.isPossible === false ? sentenceOfVoucher(voucher.reason, voucher, texts) : null
}

/** What else there is to know of it. */
function saidOf({ shown, voucher }: VoucherHere, { voucher: words }: Texts): string {
  if (shown?.state !== 'good') return ''
  if (needsPrice(voucher)) return words.needsPrice
  if (voucher?.isPossible && !voucher.isWithPoints) return words.notTogether
  return words.conditions(shown.terms).join(' · ')
}
