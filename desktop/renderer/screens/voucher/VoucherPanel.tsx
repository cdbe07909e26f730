import type { Offer, VoucherShown } from '../../../../shared/bridge.ts'
import { formatKopecks } from '../../../../shared/numbers.ts'
import { formatVoucherCode } from '../../../../shared/voucherCode.ts'
import { sentenceOfVoucher } from '../../failure.ts'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import type { Texts } from '../../texts.ts'
import type { VoucherDoor } from './door.ts'
import './voucher.css'

/** The door to a voucher, and in the same place the voucher that was shown: what it gives, or why it does not. */
export function VoucherPanel({ door }: { door: VoucherDoor }) {
  const voucher = useSnapshot((snapshot) => snapshot.voucher)
  const offer = useSnapshot((snapshot) => snapshot.offer)
  const { voucher: texts } = useTexts()
  return (
    <div className="voucher-place" aria-live="polite">
      {voucher ? (
        <Shown voucher={voucher} offer={offer?.voucher ?? null} door={door} />
      ) : (
        <button type="button" className="button wide" aria-keyshortcuts="F7" onClick={door.enterCode}>
          {texts.open}
          <kbd>F7</kbd>
        </button>
      )}
    </div>
  )
}

interface ShownProps {
  voucher: VoucherShown
  /** What it does for the sale, where there is one. */
  offer: Offer['voucher'] | null
  door: VoucherDoor
}

function Shown({ voucher, offer, door }: ShownProps) {
  const texts = useTexts()
  const { voucher: words } = texts
  const needsPrice = offer?.isPossible === false && offer.needsPrice === true
  const problem = needsPrice ? null : problemOf(voucher, offer, texts)
  return (
    <section className="voucher" data-problem={problem !== null} aria-label={words.open}>
      <div className="voucher-head">
        <div>
          <p className="label num">{words.code(formatVoucherCode(voucher.code))}</p>
          <p className="voucher-gives num">{titleOf(voucher, texts)}</p>
        </div>
        <button type="button" className="button" aria-keyshortcuts="F7" onClick={door.drop}>
          {words.drop}
          <kbd>F7</kbd>
        </button>
      </div>
      <p className="voucher-says num">{problem ?? saidOf(voucher, { needsPrice, offer }, texts)}</p>
      <Action voucher={voucher} offer={offer} door={door} />
    </section>
  )
}

/** What can be done about it, where something can. */
function Action({ voucher, offer, door }: ShownProps) {
  const screen = useScreen()
  const texts = useTexts()
  const { voucher: words } = texts
  const needsPrice = offer?.isPossible === false && offer.needsPrice === true
  const itemKopecks = offer?.isPossible === true ? offer.itemKopecks : null
  if (needsPrice || itemKopecks !== null)
    return (
      <button
        type="button"
        className={needsPrice ? 'button main' : 'button'}
        aria-keyshortcuts="F8"
        onClick={door.enterPrice}
      >
        {itemKopecks === null ? words.setPrice : words.changePrice(formatKopecks(itemKopecks, texts.decimal))}
        <kbd>F8</kbd>
      </button>
    )
  if (voucher.state !== 'bad' || !mayChange.has(voucher.reason)) return null
  const ask = () => screen.ask((api) => api.showVoucher({ code: voucher.code }))
  return (
    <button type="button" className="button" onClick={ask}>
      {words.again}
    </button>
  )
}

/** What a moment may change. */
const mayChange = new Set<string>(['cloud_away', 'in_use'])

function titleOf(voucher: VoucherShown, { voucher: words }: Texts): string {
  switch (voucher.state) {
    case 'good':
      return words.gives(voucher.terms)
    case 'bad':
      return voucher.title ?? words.open
    default:
      return words.asking
  }
}

/** Of the voucher itself, or of what it does in this sale. */
function problemOf(voucher: VoucherShown, offer: ShownProps['offer'], texts: Texts): string | null {
  if (voucher.state === 'bad') return sentenceOfVoucher(voucher.reason, {}, texts)
  return offer?.isPossible === false ? sentenceOfVoucher(offer.reason, offer, texts) : null
}

/** What else there is to know of it. */
function saidOf(
  voucher: VoucherShown,
  { needsPrice, offer }: { needsPrice: boolean; offer: ShownProps['offer'] },
  { voucher: words }: Texts,
): string {
  if (voucher.state !== 'good') return ''
  if (needsPrice) return words.needsPrice
  if (offer?.isPossible && !offer.isWithPoints) return words.notTogether
  return words.conditions(voucher.terms).join(' · ')
}
