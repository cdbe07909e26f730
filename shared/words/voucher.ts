import { formatPercent, formatRubles } from '../numbers.ts'
import type { VoucherTerms } from '../rules/voucher.ts'
import { englishWords, russianWords } from './words.ts'

/** What till, Mini App and paper say of a voucher. */
export interface VoucherWords {
  /** What it gives: `Скидка 200 ₽`. A kind that a newer cloud has is told by its title. */
  gives(terms: { title: string; gives: Gives }): string
  /** On what conditions, each a few words. */
  conditions(terms: Conditions): string[]
}

type Gives = VoucherTerms['gives'] | { type: string }
type Conditions = Pick<VoucherTerms, 'until' | 'from' | 'min_purchase_kopecks' | 'with_points'> & {
  gives: Gives
}

const rubles = (kopecks: number) => formatRubles(Math.floor(kopecks / 100))
/** Of a least purchase: with what is said it must be enough. */
const enough = (kopecks: number) => formatRubles(Math.ceil(kopecks / 100))

/** Above it goods are not for nothing: the rest of their price is paid. */
const capped = (gives: Gives, say: (most: string) => string) =>
  isKnown(gives) && gives.type === 'product' ? [say(rubles(gives.cap_kopecks))] : []

/** 2026-01-21 → 21.01.2026, with its time where it has one. */
const dayOf = (moment: string) => {
  const [day = '', time] = moment.split('T')
  const shown = day.split('-').reverse().join('.')
  return time ? `${shown} ${time}` : shown
}

const isKnown = (gives: { type: string }): gives is VoucherTerms['gives'] =>
  ['discount_kopecks', 'discount_percent', 'points', 'product'].includes(gives.type)

export const russianVoucherWords: VoucherWords = {
  gives({ title, gives }) {
    if (!isKnown(gives)) return title
    switch (gives.type) {
      case 'discount_kopecks':
        return `Скидка ${rubles(gives.kopecks)}`
      case 'discount_percent':
        return `Скидка ${formatPercent(gives.basis_points, ',')} %, не больше ${rubles(gives.cap_kopecks)}`
      case 'points':
        return `+${russianWords.points(gives.points)}`
      case 'product':
        return `${gives.name} бесплатно`
    }
  },
  conditions: ({ gives, from, until, min_purchase_kopecks: least, with_points }) => [
    ...capped(gives, (most) => `не больше ${most}`),
    ...(least > 0 ? [`чек от ${enough(least)}`] : []),
    ...(from ? [`с ${dayOf(from)}`] : []),
    ...(until ? [`до ${dayOf(until)}${until.includes('T') ? '' : ' включительно'}`] : []),
    ...(with_points ? [] : ['не вместе с баллами']),
  ],
}

export const englishVoucherWords: VoucherWords = {
  gives({ title, gives }) {
    if (!isKnown(gives)) return title
    switch (gives.type) {
      case 'discount_kopecks':
        return `${rubles(gives.kopecks)} off`
      case 'discount_percent':
        return `${formatPercent(gives.basis_points, '.')}% off, ${rubles(gives.cap_kopecks)} at most`
      case 'points':
        return `+${englishWords.points(gives.points)}`
      case 'product':
        return `${gives.name} for free`
    }
  },
  conditions: ({ gives, from, until, min_purchase_kopecks: least, with_points }) => [
    ...capped(gives, (most) => `${most} at most`),
    ...(least > 0 ? [`a purchase of ${enough(least)} or more`] : []),
    ...(from ? [`from ${dayOf(from)}`] : []),
    ...(until ? [`until ${dayOf(until)}`] : []),
    ...(with_points ? [] : ['not together with points']),
  ],
}
