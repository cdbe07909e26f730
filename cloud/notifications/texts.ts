import { lastDayOf } from '../../shared/lastDay.ts'
import type { Language } from '../../shared/me.ts'
import type { VoucherTerms } from '../../shared/rules/voucher.ts'
import { type Instant, MINUTE } from '../../shared/time.ts'
import { capital, englishStatusWords, russianStatusWords } from '../../shared/words/status.ts'
import { englishVoucherWords, russianVoucherWords } from '../../shared/words/voucher.ts'
import { englishWords, russianWords } from '../../shared/words/words.ts'
import type { ReferralFacts } from '../referrals/facts.ts'
import type { MergedFacts, PurchaseFacts, StatusFacts } from './facts.ts'
import { day, rubles } from './format.ts'

/** What a message is written from: everything that had to be looked up is there. */
export type Message =
  | { kind: 'earned' | 'spent' | 'refunded'; facts: PurchaseFacts; store: string | null }
  | { kind: 'welcome'; bonus: number; debt: number; card: string }
  | { kind: 'expiring'; diesAt: Instant; points: number }
  | { kind: 'status'; facts: StatusFacts }
  | { kind: 'merged'; facts: MergedFacts }
  | { kind: 'referral'; facts: ReferralFacts }
  | { kind: 'voucher'; terms: VoucherTerms }

/** From then on a purchase is told with its day: a register that was offline, or we were. */
const LATE_AFTER_MS = 60 * MINUTE

export interface When {
  now: Instant
  /** Of the shops: a purchase was on the day that was there. */
  timeZone: string
}

/** Plain text: nothing in it is markup, so no name of a store can break it. */
export function textOf(message: Message, language: Language, { now, timeZone }: When): string {
  const words = language === 'ru' ? russian : english
  switch (message.kind) {
    case 'earned':
    case 'spent':
    case 'refunded': {
      const { facts, store } = message
      const isLate = now - facts.at >= LATE_AFTER_MS
      const where = { store, day: isLate ? day(language, facts.at, timeZone) : null }
      const lines =
        message.kind === 'refunded'
          ? [words.refund(where, facts.refundKopecks), words.undone(-facts.spent, -facts.earned)]
          : [words.purchase(where, facts.purchaseKopecks), words.moved(facts.spent, facts.earned)]
      const debt = facts.debt > 0 ? [words.debt(facts.debt)] : []
      return [...lines, words.balance(facts.available, isLate), ...debt].join('\n')
    }
    case 'welcome':
      return words.welcome(message)
    case 'status': {
      const { facts } = message
      if (facts.what === 'up') return words.statusUp(facts)
      if (facts.what === 'down') return words.statusDown(facts)
      const until = day(language, lastDayOf(facts.until, timeZone), 'UTC')
      return words.statusAtRisk({ ...facts, lastDay: until })
    }
    case 'merged': {
      const { facts } = message
      const debt = facts.debt > 0 ? [words.debt(facts.debt)] : []
      return [words.merged(facts), words.balance(facts.available, false), ...debt].join('\n')
    }
    case 'referral':
      return referralText(words.referral, message.facts)
    case 'voucher':
      return words.voucher(message.terms)
    case 'expiring':
      return words.expiring(message.points, day(language, lastDayOf(message.diesAt, timeZone), 'UTC'))
  }
}

function referralText(words: Words['referral'], facts: ReferralFacts): string {
  switch (facts.what) {
    case 'joined':
    case 'invited':
      return words[facts.what](facts)
    case 'checked':
      return words.checked
    case 'rewarded':
      return words.rewarded[facts.side](facts.points)
    case 'rejected':
      return words.rejected[facts.side](words.reasons[facts.reason])
    case 'taken_back':
      return words.takenBack[facts.side](facts.points, words.reasons[facts.reason])
  }
}

/** Amounts of 0 (a purchase paid with points alone) say nothing and are left out. */
const given = (kopecks: number | null): kopecks is number => kopecks !== null && kopecks > 0

const sentenceOf = (parts: string[]) => (parts.length > 0 ? [`${capital(parts.join(', '))}.`] : [])

interface Where {
  store: string | null
  /** Null: just now. */
  day: string | null
}

interface Words {
  purchase(where: Where, kopecks: number | null): string
  refund(where: Where, kopecks: number | null): string
  moved(spent: number, earned: number): string
  undone(returned: number, takenBack: number): string
  balance(available: number, isLate: boolean): string
  debt(debt: number): string
  welcome(facts: { card: string; bonus: number; debt: number }): string
  expiring(count: number, lastDay: string): string
  voucher(terms: VoucherTerms): string
  statusUp(facts: { title: string; benefits: string[] }): string
  statusDown(facts: { title: string | null }): string
  statusAtRisk(facts: AtRisk & { lastDay: string }): string
  merged(facts: { card: string; points: number }): string
  referral: {
    joined(hope: Hope): string
    invited(hope: Hope): string
    checked: string
    rewarded: Record<Side, (points: number) => string>
    rejected: Record<Side, (reason: string) => string>
    takenBack: Record<Side, (points: number, reason: string) => string>
    reasons: Record<Extract<ReferralFacts, { what: 'rejected' }>['reason'], string>
  }
}

type Hope = Extract<ReferralFacts, { minKopecks: number }>
type Side = 'referrer' | 'referee'

type AtRisk = Extract<StatusFacts, { what: 'at_risk' }>

const ru = {
  points: russianWords.points,
  event(what: string, { store, day }: Where, kopecks: number | null) {
    const when = day ? ` ${day}` : ''
    const where = store ? ` в магазине «${store}»` : ''
    return `${what}${when}${where}${given(kopecks) ? ` на ${rubles('ru', kopecks)}` : ''}.`
  },
  /** Of an invitation: the smallest purchase says nothing where any is enough. */
  least: (kopecks: number) => (kopecks > 1 ? ` от ${rubles('ru', kopecks)}` : ''),
  wait: (days: number) => (days > 0 ? `, если её не вернут за ${russianWords.days(days)}` : ''),
}

const russian: Words = {
  purchase: (where, kopecks) => ru.event(russianWords.history.purchase, where, kopecks),
  refund: (where, kopecks) => ru.event(russianWords.history.refund, where, kopecks),
  moved(spent, earned) {
    if (spent === 0) return `Начислено: ${ru.points(earned)}.`
    return earned === 0
      ? `Списано: ${ru.points(spent)}.`
      : `Списано: ${ru.points(spent)}, начислено: ${ru.points(earned)}.`
  },
  undone(returned, takenBack) {
    if (takenBack === 0) return `Возвращено на карту: ${ru.points(returned)}.`
    if (returned === 0) return `Начисление отменено: ${ru.points(takenBack)}.`
    return `Возвращено на карту: ${ru.points(returned)}, начисление отменено: ${ru.points(takenBack)}.`
  },
  balance: (available, isLate) =>
    `${isLate ? 'После этого на карте стало' : 'Теперь на карте'}: ${ru.points(available)}.`,
  debt: (debt) => `Долг: ${ru.points(debt)}. Его закроют следующие начисления.`,
  welcome: ({ card, bonus, debt }) =>
    [
      `Ваша карта: ${card}. Назовите номер на кассе или покажите QR-код: /card`,
      ...(bonus > 0 ? [`Дарим за регистрацию: ${ru.points(bonus)}.`] : []),
      ...(debt > 0
        ? [`С прежней карты перешёл долг: ${ru.points(debt)}. Его закроют следующие начисления.`]
        : []),
      'Сюда придут сообщения о покупках и о баллах, которые скоро сгорят. Выбрать, о чём писать: /notify',
    ].join('\n'),
  expiring: (count, lastDay) =>
    `Скоро сгорят баллы: ${ru.points(count)}. Потратить их можно по ${lastDay} включительно.`,
  voucher: (terms) =>
    [
      `Вам купон: ${russianVoucherWords.gives(terms)}.`,
      ...sentenceOf(russianVoucherWords.conditions(terms)),
      'Код для кассы: /vouchers',
    ].join('\n'),
  statusUp: ({ title, benefits }) =>
    [`Ваш новый статус — «${title}».`, ...benefits.map((benefit) => `• ${benefit}`)].join('\n'),
  statusDown: ({ title }) =>
    title === null ? 'Срок вашего статуса закончился.' : `Теперь ваш статус — «${title}».`,
  statusAtRisk: ({ title, metric, missing, lastDay }) =>
    `Чтобы сохранить статус «${title}», не хватает: ${russianStatusWords.amount(metric, missing)}. Успейте по ${lastDay} включительно.`,
  merged: ({ card, points }) =>
    `Карта ${card} объединена с вашей: покупки по ней теперь в вашей истории${points > 0 ? `, перешло ${ru.points(points)}` : ''}. Номер ${card} тоже работает. Это были не вы? Скажите нам.`,
  referral: {
    joined: ({ points, minKopecks, waitDays }) =>
      [
        'По вашей ссылке пришёл друг.',
        ...(points > 0
          ? [
              `Вы получите ${ru.points(points)} за его первую покупку${ru.least(minKopecks)}${ru.wait(waitDays)}.`,
            ]
          : []),
      ].join(' '),
    invited: ({ points, minKopecks, waitDays }) =>
      points > 0
        ? `Вас пригласил друг: за первую покупку${ru.least(minKopecks)} вы получите ${ru.points(points)}${ru.wait(waitDays)}.`
        : `Вас пригласил друг: сделайте первую покупку${ru.least(minKopecks)}, и он получит подарок.`,
    checked: 'Подарок за приглашение сейчас проверяет сотрудник. Напишем, когда он решит.',
    rewarded: {
      referrer: (points) =>
        `Друг, которого вы пригласили, сделал покупку. Ваш подарок: ${ru.points(points)}.`,
      referee: (points) => `Подарок за то, что пришли по приглашению: ${ru.points(points)}.`,
    },
    rejected: {
      referrer: (reason) => `За приглашение подарка не будет: ${reason}.`,
      referee: (reason) => `За приход по приглашению подарка не будет: ${reason}.`,
    },
    takenBack: {
      referrer: (points, reason) => `Подарок за друга отменён: ${ru.points(points)}. Причина: ${reason}.`,
      referee: (points, reason) =>
        `Подарок за приход по приглашению отменён: ${ru.points(points)}. Причина: ${reason}.`,
    },
    reasons: {
      self: 'приглашение оказалось своим же',
      customer_before: 'приглашённый уже был участником',
      circle: 'приглашения замкнулись в круг',
      over_month: 'приглашений за этот месяц больше, чем награждаем',
      staff: 'карта сотрудника в приглашениях не участвует',
      returned: 'покупку вернули',
      left: 'одной из карт больше нет',
      person: 'так решил сотрудник; спросить о причине можно в поддержке',
    },
  },
}

const en = {
  points: englishWords.points,
  event(what: string, { store, day }: Where, kopecks: number | null) {
    const amount = given(kopecks) ? ` of ${rubles('en', kopecks)}` : ''
    return `${what}${amount}${store ? ` at “${store}”` : ''}${day ? ` on ${day}` : ''}.`
  },
  least: (kopecks: number) => (kopecks > 1 ? ` of ${rubles('en', kopecks)} or more` : ''),
  wait: (days: number) => (days > 0 ? `, unless it is returned within ${englishWords.days(days)}` : ''),
}

const english: Words = {
  purchase: (where, kopecks) => en.event(englishWords.history.purchase, where, kopecks),
  refund: (where, kopecks) => en.event(englishWords.history.refund, where, kopecks),
  moved(spent, earned) {
    if (spent === 0) return `Earned: ${en.points(earned)}.`
    return earned === 0
      ? `Spent: ${en.points(spent)}.`
      : `Spent: ${en.points(spent)}, earned: ${en.points(earned)}.`
  },
  undone(returned, takenBack) {
    if (takenBack === 0) return `Returned to your card: ${en.points(returned)}.`
    if (returned === 0) return `Earning taken back: ${en.points(takenBack)}.`
    return `Returned to your card: ${en.points(returned)}, earning taken back: ${en.points(takenBack)}.`
  },
  balance: (available, isLate) => `${isLate ? 'After it you had' : 'Now you have'} ${en.points(available)}.`,
  debt: (debt) => `Owed: ${en.points(debt)}. What you earn next pays it.`,
  welcome: ({ card, bonus, debt }) =>
    [
      `Your card: ${card}. Tell the number at the register or show the QR code: /card`,
      ...(bonus > 0 ? [`A gift for joining: ${en.points(bonus)}.`] : []),
      ...(debt > 0
        ? [`A debt came along from your old card: ${en.points(debt)}. What you earn next pays it.`]
        : []),
      'Messages about purchases and about points that are going to expire will come here. Choose which: /notify',
    ].join('\n'),
  expiring: (count, lastDay) =>
    `You will soon lose ${en.points(count)}. The last day to spend them is ${lastDay}.`,
  voucher: (terms) =>
    [
      `A voucher for you: ${englishVoucherWords.gives(terms)}.`,
      ...sentenceOf(englishVoucherWords.conditions(terms)),
      'The code for the register: /vouchers',
    ].join('\n'),
  statusUp: ({ title, benefits }) =>
    [`Your new status is “${title}”.`, ...benefits.map((benefit) => `• ${benefit}`)].join('\n'),
  statusDown: ({ title }) => (title === null ? 'Your status is over.' : `Your status is “${title}” now.`),
  statusAtRisk: ({ title, metric, missing, lastDay }) =>
    `To keep the status “${title}” you need ${englishStatusWords.amount(metric, missing)} more. The last day for it is ${lastDay}.`,
  merged: ({ card, points }) =>
    `Card ${card} was merged into yours: its purchases are in your history now${points > 0 ? `, and ${en.points(points)} came along` : ''}. The number ${card} goes on working. Was it not you? Tell us.`,
  referral: {
    joined: ({ points, minKopecks, waitDays }) =>
      [
        'A friend came by your link.',
        ...(points > 0
          ? [
              `You will get ${en.points(points)} for their first purchase${en.least(minKopecks)}${en.wait(waitDays)}.`,
            ]
          : []),
      ].join(' '),
    invited: ({ points, minKopecks, waitDays }) =>
      points > 0
        ? `A friend invited you: for your first purchase${en.least(minKopecks)} you will get ${en.points(points)}${en.wait(waitDays)}.`
        : `A friend invited you: make a first purchase${en.least(minKopecks)}, and they get a gift.`,
    checked: 'A person is looking at the gift for the invitation. We will tell you what they decide.',
    rewarded: {
      referrer: (points) => `The friend you invited made a purchase. Your gift: ${en.points(points)}.`,
      referee: (points) => `A gift for coming by an invitation: ${en.points(points)}.`,
    },
    rejected: {
      referrer: (reason) => `There is no gift for the invitation: ${reason}.`,
      referee: (reason) => `There is no gift for coming by an invitation: ${reason}.`,
    },
    takenBack: {
      referrer: (points, reason) =>
        `The gift for your friend was taken back: ${en.points(points)}. The reason: ${reason}.`,
      referee: (points, reason) =>
        `The gift for coming by an invitation was taken back: ${en.points(points)}. The reason: ${reason}.`,
    },
    reasons: {
      self: 'the invitation was one of oneself',
      customer_before: 'the friend was a customer before',
      circle: 'the invitations go round in a circle',
      over_month: 'there are more invitations this month than are rewarded',
      staff: 'cards of the staff take no part in invitations',
      returned: 'the purchase was returned',
      left: 'one of the cards is gone',
      person: 'a person decided so; the support can say why',
    },
  },
}
