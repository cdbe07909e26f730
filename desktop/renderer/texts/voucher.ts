import { formatRubles } from '../../../shared/numbers.ts'
import { englishVoucherWords, russianVoucherWords } from '../../../shared/words/voucher.ts'
import { englishWords, russianWords } from '../../../shared/words/words.ts'

const { points } = russianWords

/** What the till says of a voucher. */
export const russianVoucher = {
  ...russianVoucherWords,
  open: 'Купон',
  title: 'Код купона',
  hint: 'Десять букв и цифр: наберите или отсканируйте.',
  wrong: 'В коде ошибка: сверьте его с купоном.',
  waits: (code: string) => `Купон ${code} ждёт карту: покажите её или наберите номер`,
  code: (code: string) => `Купон ${code}`,
  asking: 'Проверяем купон…',
  drop: 'Убрать',
  again: 'Ещё раз',
  together: (rubles: number) => `Списать ${formatRubles(rubles)}`,
  parts: (rubles: number, count: number) =>
    rubles > 0 ? `купон ${formatRubles(rubles)} + ${points(count)}` : `${points(count)} и купон`,
  alone: (rubles: number) => (rubles > 0 ? `Только купон: ${formatRubles(rubles)}` : 'Только купон'),
  noPoints: 'баллы останутся',
  notTogether: 'Купон и баллы вместе не действуют: выберите одно.',
  without: 'без купона',
  nothingLeft: 'Купон уже даёт всё, что можно: баллы не нужны.',
  needsPrice: 'Сколько стоит этот товар в чеке?',
  setPrice: 'Ввести цену',
  changePrice: (sum: string) => `Цена товара ${sum}`,
  price: 'Цена товара',
  priceHint: 'Цена одного товара из чека.',
  priceTooLarge: (most: string) => `Товар не дороже чека: до ${most}.`,
  newReason: 'Купон сейчас не действует: причину может назвать администратор.',
}
type VoucherTexts = typeof russianVoucher

export const englishVoucher: VoucherTexts = {
  ...englishVoucherWords,
  open: 'Voucher',
  title: 'Code of the voucher',
  hint: 'Ten letters and digits: type or scan them.',
  wrong: 'The code has a mistake: compare it with the voucher.',
  waits: (code) => `The voucher ${code} waits for a card: show it or type its number`,
  code: (code) => `Voucher ${code}`,
  asking: 'Checking the voucher…',
  drop: 'Drop',
  again: 'Try again',
  together: (rubles) => `Spend ${formatRubles(rubles)}`,
  parts: (rubles, count) =>
    rubles > 0
      ? `voucher ${formatRubles(rubles)} + ${englishWords.points(count)}`
      : `${englishWords.points(count)} and the voucher`,
  alone: (rubles) => (rubles > 0 ? `Voucher only: ${formatRubles(rubles)}` : 'Voucher only'),
  noPoints: 'points are kept',
  notTogether: 'The voucher does not go with points: choose one.',
  without: 'without the voucher',
  nothingLeft: 'The voucher gives all that can be given: no points are needed.',
  needsPrice: 'What do these goods cost in the receipt?',
  setPrice: 'Enter the price',
  changePrice: (sum) => `Price of the goods ${sum}`,
  price: 'Price of the goods',
  priceHint: 'The price of one piece in the receipt.',
  priceTooLarge: (most) => `No more than the receipt: up to ${most}.`,
  newReason: 'The voucher is not good now: the administrator can say why.',
}
