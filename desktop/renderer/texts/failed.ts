import type { Failure } from '../../../shared/bridge.ts'
import { plural } from '../../../shared/words/plural.ts'
import { english as en, russian as ru } from './numbers.ts'

/** What became of the points. */
type Fates = Record<
  Failure['fate'],
  Record<Failure['kind'], (points: number, hasVoucher?: boolean) => string>
>

const russianFates: Fates = {
  untouched: {
    earn: () => 'Баллы не начислены.',
    redeem: (_count, hasVoucher) =>
      `${hasVoucher ? 'Ни баллы, ни купон не списаны' : 'Баллы не списаны'}: у покупателя всё как было.`,
    refund: () => 'Баллы не изменились: покупка осталась как была.',
  },
  returned: {
    earn: () => 'Баллы возвращаются покупателю.',
    redeem(count, hasVoucher) {
      if (!hasVoucher)
        return `${ru.points(count)} ${plural(count, 'возвращается', 'возвращаются', 'возвращаются')} покупателю: списания не было.`
      return count > 0
        ? `${ru.points(count)} и купон возвращаются покупателю: списания не было.`
        : 'Купон снова свободен: скидки не было.'
    },
    refund: () => 'Баллы возвращаются как были.',
  },
  held: {
    earn: () => 'Баллы появятся, когда всё выяснится.',
    redeem(count, hasVoucher) {
      if (!hasVoucher)
        return `${ru.points(count)} пока ${plural(count, 'удержан', 'удержаны', 'удержаны')}: касса выясняет, прошла ли скидка.`
      return count > 0
        ? `${ru.points(count)} и купон пока удержаны: касса выясняет, прошла ли скидка.`
        : 'Купон пока занят: касса выясняет, прошла ли скидка.'
    },
    refund: () => 'Баллы изменятся, когда всё выяснится.',
  },
}

export const russian = {
  fates: russianFates,

  error: {
    retry: 'Ещё раз',
    secondPurchase: 'Да, вторая покупка',
    earnOnly: 'Только начислить',
    choose: 'Выбрать баллы',
    toSale: 'К чеку',
  },
}

const englishFates: Fates = {
  untouched: {
    earn: () => 'No points were earned.',
    redeem: (_count, hasVoucher) =>
      `${hasVoucher ? 'Neither points nor the voucher were spent' : 'No points were spent'}: the customer has what they had.`,
    refund: () => 'No points have changed: the purchase stays as it was.',
  },
  returned: {
    earn: () => 'The points go back to the customer.',
    redeem(count, hasVoucher) {
      if (!hasVoucher)
        return `${en.points(count)} ${plural(count, 'goes', 'go')} back to the customer: nothing was spent.`
      return count > 0
        ? `${en.points(count)} and the voucher go back to the customer: nothing was spent.`
        : 'The voucher is free again: no discount was given.'
    },
    refund: () => 'The points go back to what they were.',
  },
  held: {
    earn: () => 'The points will come when everything is known.',
    redeem(count, hasVoucher) {
      if (!hasVoucher)
        return `${en.points(count)} ${plural(count, 'is', 'are')} held while the register finds out about the discount.`
      return count > 0
        ? `${en.points(count)} and the voucher are held while the register finds out about the discount.`
        : 'The voucher is held while the register finds out about the discount.'
    },
    refund: () => 'The points will change when everything is known.',
  },
}

export const english: typeof russian = {
  fates: englishFates,

  error: {
    retry: 'Try again',
    secondPurchase: 'Yes, a second purchase',
    earnOnly: 'Earn only',
    choose: 'Choose points',
    toSale: 'To the sale',
  },
}
