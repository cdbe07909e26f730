import { formatRubles } from '../../../shared/numbers.ts'
import type { VoucherProblem } from '../../../shared/voucherCode.ts'
import { englishVoucherWords, russianVoucherWords } from '../../../shared/words/voucher.ts'
import type { FailureFacts } from './facts.ts'
import { english as en, russian as ru } from './numbers.ts'

/** Of the cloud, or of the till itself. */
type VoucherMiss = VoucherProblem | 'cloud_away' | 'unreadable'

export const russianMisses: Record<VoucherMiss, { what: (facts: FailureFacts) => string; next: string }> = {
  cloud_away: {
    what: () => 'Нет связи с облаком: купон не проверить',
    next: 'Продолжите без купона или повторите, когда связь появится.',
  },
  unreadable: {
    what: () => 'Касса не знает таких купонов: она старее их',
    next: 'Продолжите без купона и попросите администратора обновить кассу.',
  },
  unknown: {
    what: () => 'Такого купона нет',
    next: 'Сверьте код с купоном и попробуйте ещё раз или продолжите без него.',
  },
  void: { what: () => 'Этот купон отменён', next: 'Продолжите без купона.' },
  other_customer: {
    what: () => 'Этот купон – другого покупателя',
    next: 'Продолжите без купона: он действует только с картой своего владельца.',
  },
  used: { what: () => 'Этот купон уже использован', next: 'Продолжите без купона.' },
  in_use: {
    what: () => 'Этот купон прямо сейчас списывают в другом чеке',
    next: 'Подождите минуту и попробуйте ещё раз или продолжите без купона.',
  },
  used_by_customer: {
    what: () => 'Покупатель уже использовал такой купон',
    next: 'Продолжите без купона.',
  },
  not_begun: { what: () => 'Купон ещё не действует', next: 'Продолжите без купона.' },
  over: { what: () => 'Срок купона истёк', next: 'Продолжите без купона.' },
  other_store: { what: () => 'Купон не для этого магазина', next: 'Продолжите без купона.' },
  below_min_purchase: {
    what: ({ minKopecks }) =>
      minKopecks === null
        ? 'Для купона чек слишком мал'
        : `Купон действует в чеке от ${ru.money(minKopecks)}`,
    next: 'Продолжите без купона или добавьте покупок в чек.',
  },
  not_with_points: {
    what: () => 'Купон не действует вместе с баллами',
    next: 'Выберите одно: купон или баллы.',
  },
  no_product: {
    what: () => 'Товара по купону нет в чеке',
    next: 'Добавьте товар в чек в 1С или продолжите без купона.',
  },
  too_little: { what: () => 'На таком чеке купон ничего не даёт', next: 'Продолжите без купона.' },
}

export const russian = {
  voucher: {
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
      rubles > 0 ? `купон ${formatRubles(rubles)} + ${ru.points(count)}` : `${ru.points(count)} и купон`,
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
  },
  vouchers: russianMisses,
}

export const englishMisses: Record<VoucherMiss, { what: (facts: FailureFacts) => string; next: string }> = {
  cloud_away: {
    what: () => 'The cloud is away: the voucher cannot be checked',
    next: 'Go on without it, or try again when the cloud is back.',
  },
  unreadable: {
    what: () => 'This register is older than such vouchers',
    next: 'Go on without it, and ask the administrator to update the register.',
  },
  unknown: {
    what: () => 'There is no such voucher',
    next: 'Compare the code with the voucher and try again, or go on without it.',
  },
  void: { what: () => 'This voucher was cancelled', next: 'Go on without the voucher.' },
  other_customer: {
    what: () => 'This is the voucher of another customer',
    next: 'Go on without it: it is good only with the card of its owner.',
  },
  used: { what: () => 'This voucher was used before', next: 'Go on without the voucher.' },
  in_use: {
    what: () => 'This voucher is being used on another receipt right now',
    next: 'Wait a minute and try again, or go on without the voucher.',
  },
  used_by_customer: {
    what: () => 'The customer has used such a voucher before',
    next: 'Go on without the voucher.',
  },
  not_begun: { what: () => 'The voucher is not good yet', next: 'Go on without the voucher.' },
  over: { what: () => 'The time of the voucher is over', next: 'Go on without the voucher.' },
  other_store: { what: () => 'The voucher is not for this store', next: 'Go on without the voucher.' },
  below_min_purchase: {
    what: ({ minKopecks }) =>
      minKopecks === null
        ? 'The purchase is too small for the voucher'
        : `The voucher is good from a purchase of ${en.money(minKopecks)}`,
    next: 'Go on without the voucher, or add something to the receipt.',
  },
  not_with_points: {
    what: () => 'The voucher is not good together with points',
    next: 'Choose one of them: the voucher or points.',
  },
  no_product: {
    what: () => 'The goods of the voucher are not in the receipt',
    next: 'Add them to the receipt in 1C, or go on without the voucher.',
  },
  too_little: {
    what: () => 'The voucher gives nothing on such a purchase',
    next: 'Go on without the voucher.',
  },
}

export const english: typeof russian = {
  voucher: {
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
        ? `voucher ${formatRubles(rubles)} + ${en.points(count)}`
        : `${en.points(count)} and the voucher`,
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
  },
  vouchers: englishMisses,
}
