import type { Frozen } from '../me.ts'

/** What Mini App and bot say to whoever neither earns nor spends: what is the matter, what becomes of the points, who helps. */
type FrozenWords = Record<Frozen, (contact: string | undefined) => string>

export const russianFrozenWords: FrozenWords = {
  card: (contact) =>
    contact
      ? `Карта заморожена: баллы не начисляются и не списываются. Поможет поддержка: ${contact}`
      : 'Карта заморожена: баллы не начисляются и не списываются. Разморозить её может администратор программы.',
  programme: (contact) =>
    `Программа приостановлена: сейчас баллы не начисляются и не списываются ни по одной карте. Ваши баллы остаются на карте, их сроки идут как обычно.${
      contact ? ` Вопросы: ${contact}` : ''
    }`,
}

/** Beside them, where somebody looks for what a voucher brings. */
export const russianVouchersFrozen = 'Купоны касса сейчас тоже не примет. Их сроки не меняются.'
export const englishVouchersFrozen =
  'The register takes no vouchers now either. They end on their days as ever.'

export const englishFrozenWords: FrozenWords = {
  card: (contact) =>
    contact
      ? `The card is frozen: points are neither earned nor spent. You are helped here: ${contact}`
      : 'The card is frozen: points are neither earned nor spent. Only an administrator of the programme can unfreeze it.',
  programme: (contact) =>
    `The programme is stopped for now: no card earns or spends points. Yours stay on the card, and expire on their days as ever.${
      contact ? ` Questions: ${contact}` : ''
    }`,
}
