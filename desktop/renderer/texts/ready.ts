import type { Earning, NoRedemption } from '../../../shared/bridge.ts'
import { formatPercent, formatRubles, formatWhole } from '../../../shared/numbers.ts'
import { plural } from '../../../shared/words/plural.ts'
import { english as en, russian as ru } from './numbers.ts'

const russianNoRedemption: Record<NoRedemption, string> = {
  cloud_away: 'Нет связи с облаком: списать можно будет, когда она появится.',
  balance_not_current: 'Баланс ещё не подтверждён облаком.',
  amount_not_of_1c: 'Сумма введена вручную, а скидку можно дать только чеку из 1С.',
  amount_out_of_range: 'Чек на такую сумму программа не принимает: закройте его в 1С без баллов.',
  exchange_away: 'Нет связи с 1С: скидку некуда передать.',
  exchange_unwritable: 'Папка обмена закрыта для записи: скидку 1С не передать.',
  discount_not_settled: 'Касса выясняет, забрала ли 1С прошлую скидку.',
  card_frozen: 'Карта заморожена: баллы нельзя ни начислить, ни списать.',
  in_debt: 'За покупателем долг: сначала его погасят новые начисления.',
  no_points: 'У покупателя пока нет баллов.',
  purchase_too_small: 'Чек слишком маленький для скидки.',
  code_needed: 'Для списания нужен код из Telegram: попросите покупателя открыть карту.',
}

export const russian = {
  ready: {
    redeem: (count: number) => `Списать ${formatRubles(count)}`,
    earn: (count: number, isSure: boolean) => `Начислить ${ru.upTo(isSure)}${formatWhole(count)}`,
    parts: (parts: Earning['parts'], more: Earning['more']) =>
      [
        ...parts.map(({ title, points }) =>
          title === null ? formatWhole(points) : `«${title}» ${formatWhole(points)}`,
        ),
        ...(more
          ? [
              `ещё ${formatWhole(more.rules)} ${plural(more.rules, 'правило', 'правила', 'правил')}: ${formatWhole(more.points)}`,
            ]
          : []),
      ].join(' + '),
    earnNothing: 'Провести без баллов',
    cannotRedeem: 'Списать нельзя',
    toPay: (kopecks: number) => `К оплате ${ru.money(kopecks)}`,
    comesBack: (count: number, isSure: boolean) =>
      `${plural(count, 'вернётся', 'вернутся', 'вернутся')} ${ru.pointsUpTo(count, isSure)}`,
    remains: (count: number, isSure: boolean) => `останется ${ru.upTo(isSure)}${formatWhole(count)}`,
    becomes: (count: number, isSure: boolean) => `станет ${ru.pointsUpTo(count, isSure)}`,
    less: 'Меньше:',
    all: (count: number) => `${formatWhole(count)} – всё`,
    share: (count: number, basisPoints: number) =>
      `${formatWhole(count)} – максимум, ${formatPercent(basisPoints, ',')} % чека`,
    atMost: (count: number) => `${formatWhole(count)} – максимум`,
    own: 'Своё…',
    ownTitle: 'Сколько баллов списать?',
    most: (count: number) => `Можно до ${formatWhole(count)}`,
    oneLess: 'На один меньше',
    oneMore: 'На один больше',
  },

  noRedemption: russianNoRedemption,

  programmeFrozen: 'Сейчас баллы не начисляются и не списываются ни по одной карте.',
}

const englishNoRedemption: Record<NoRedemption, string> = {
  cloud_away: 'The cloud is away: points can be spent when it is back.',
  balance_not_current: 'The cloud has not confirmed the balance yet.',
  amount_not_of_1c: 'The amount was typed, and only a receipt of 1C can have a discount.',
  amount_out_of_range: 'The programme takes no purchase of this amount: finish it in 1C without points.',
  exchange_away: '1C cannot be reached: there is nowhere to give the discount.',
  exchange_unwritable: 'The exchange folder is read-only: no discount can be given to 1C.',
  discount_not_settled: 'The register is finding out whether 1C took the last discount.',
  card_frozen: 'The card is frozen: points are neither earned nor spent.',
  in_debt: 'The customer owes points: the next earnings pay them first.',
  no_points: 'The customer has no points yet.',
  purchase_too_small: 'The purchase is too small for a discount.',
  code_needed: 'A code from Telegram is needed to spend points: ask the customer to open the card.',
}

export const english: typeof russian = {
  ready: {
    redeem: (count) => `Spend ${formatRubles(count)}`,
    earn: (count, isSure) => `Earn ${en.upTo(isSure)}${formatWhole(count)}`,
    parts: (parts, more) =>
      [
        ...parts.map(({ title, points }) =>
          title === null ? formatWhole(points) : `“${title}” ${formatWhole(points)}`,
        ),
        ...(more
          ? [`${more.rules} more ${more.rules === 1 ? 'rule' : 'rules'}: ${formatWhole(more.points)}`]
          : []),
      ].join(' + '),
    earnNothing: 'Record without points',
    cannotRedeem: 'Spending is not possible',
    toPay: (kopecks) => `To pay ${en.money(kopecks)}`,
    comesBack: (count, isSure) => `${en.pointsUpTo(count, isSure)} come back`,
    remains: (count, isSure) => `${en.upTo(isSure)}${formatWhole(count)} left`,
    becomes: (count, isSure) => `${en.pointsUpTo(count, isSure)} after it`,
    less: 'Fewer:',
    all: (count) => `${formatWhole(count)} – all`,
    share: (count, basisPoints) =>
      `${formatWhole(count)} – the most, ${formatPercent(basisPoints, '.')} % of the receipt`,
    atMost: (count) => `${formatWhole(count)} – the most`,
    own: 'Other…',
    ownTitle: 'How many points to spend?',
    most: (count) => `Up to ${formatWhole(count)}`,
    oneLess: 'One fewer',
    oneMore: 'One more',
  },

  noRedemption: englishNoRedemption,

  programmeFrozen: 'Just now points are neither earned nor spent, with any card.',
}
