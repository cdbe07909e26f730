import { formatWhole } from '../../../../shared/numbers.ts'
import { plural } from '../../../../shared/words/plural.ts'
import { words } from '../words.ts'

interface DayTold {
  sum: string
  earned: string
  spent: string
}

export const homeWords = words(
  {
    title: 'Обзор',
    needs: 'Нужно решение',
    frozen: 'Программа приостановлена: баллы не начисляются и не списываются',
    calm: 'Решать нечего: всё спокойно.',
    open: (count: number) => `Согласований: ${count}`,
    toReview: (count: number) => `Проверить сделанное в одиночку: ${count}`,
    discrepancies: (count: number) => `Расхождений: ${count}`,
    silent: (names: string) => `Молчат кассы: ${names}`,
    concerned: (count: number) => `Касс с замечаниями: ${count}`,
    budget: (title: string, store: string | null, percent: string) =>
      `Бюджет «${title}»${store === null ? '' : `, ${store}`}: роздано ${percent}`,
    budgets: (count: number) => `Бюджетов на исходе: ${count}`,
    job: (job: string) => `Не сработало: ${job}`,
    owed: 'Должны баллов',
    owedBy: (customers: number, sum: string) =>
      `у ${formatWhole(customers)} ${plural(customers, 'покупателя', 'покупателей', 'покупателей')}; это ${sum}`,
    held: (points: string) => `ещё ${points} удержано на кассах`,
    expiring: (days: number) => `Сгорят за ${days} дней`,
    expiringOf: (customers: number) =>
      `у ${formatWhole(customers)} ${plural(customers, 'покупателя', 'покупателей', 'покупателей')}`,
    expiringSooner: (days: number, points: string) => `за ${days} дней: ${points}`,
    active: (days: number) => `Покупали за ${days} дней`,
    repeat: 'Купили дважды и больше',
    share: (percent: string) => `с картой ${percent} чеков`,
    noShare: 'о чеках без карты кассы не сообщают',
    sales: 'Продажи с картой',
    joined: 'Новые карты',
    before: (value: string) => `до этого ${value}`,
    byDay: 'Покупки с картой по дням',
    earned: 'Начислено за покупки',
    spent: 'Потрачено на покупки',
    line: (title: string) => `${title}, по дням`,
    day: (day: string, purchases: number, { sum, earned, spent }: DayTold) =>
      `${day}: ${formatWhole(purchases)} ${plural(purchases, 'покупка', 'покупки', 'покупок')} на ${sum}, начислено ${earned}, потрачено ${spent}`,
    byExpiry: 'Когда сгорят баллы',
    month: (month: string, points: string) => `${month}: ${points}`,
    byAge: 'Возраст баллов',
    ages: {
      waiting: 'ещё ждут',
      week: 'до недели',
      month: 'до месяца',
      quarter: 'до трёх месяцев',
      older: 'старше',
    } as Record<string, string>,
    asOf: (moment: string) => `Данные на ${moment}`,
  },
  {
    title: 'Overview',
    needs: 'Needs a decision',
    frozen: 'The programme is frozen: points are neither earned nor spent',
    calm: 'Nothing needs a decision.',
    open: (count: number) => `Approvals: ${count}`,
    toReview: (count: number) => `Done alone, to be reviewed: ${count}`,
    discrepancies: (count: number) => `Discrepancies: ${count}`,
    silent: (names: string) => `Silent registers: ${names}`,
    concerned: (count: number) => `Registers to look at: ${count}`,
    budget: (title: string, store: string | null, percent: string) =>
      `Budget “${title}”${store === null ? '' : `, ${store}`}: ${percent} given`,
    budgets: (count: number) => `Budgets near their end: ${count}`,
    job: (job: string) => `Failed: ${job}`,
    owed: 'Points owed',
    owedBy: (customers: number, sum: string) =>
      `to ${formatWhole(customers)} ${plural(customers, 'customer', 'customers')}; worth ${sum}`,
    held: (points: string) => `${points} more are held at tills`,
    expiring: (days: number) => `Expire within ${days} days`,
    expiringOf: (customers: number) =>
      `of ${formatWhole(customers)} ${plural(customers, 'customer', 'customers')}`,
    expiringSooner: (days: number, points: string) => `within ${days} days: ${points}`,
    active: (days: number) => `Bought within ${days} days`,
    repeat: 'Bought twice or more',
    share: (percent: string) => `${percent} of the receipts have a card`,
    noShare: 'registers do not tell of receipts without a card',
    sales: 'Sales with a card',
    joined: 'New cards',
    before: (value: string) => `${value} before`,
    byDay: 'Purchases with a card by day',
    earned: 'Earned by purchases',
    spent: 'Spent on purchases',
    line: (title: string) => `${title}, by day`,
    day: (day: string, purchases: number, { sum, earned, spent }: DayTold) =>
      `${day}: ${formatWhole(purchases)} ${plural(purchases, 'purchase', 'purchases')} for ${sum}, ${earned} earned, ${spent} spent`,
    byExpiry: 'When points expire',
    month: (month: string, points: string) => `${month}: ${points}`,
    byAge: 'Age of points',
    ages: {
      waiting: 'waiting',
      week: 'up to a week',
      month: 'up to a month',
      quarter: 'up to three months',
      older: 'older',
    } as Record<string, string>,
    asOf: (moment: string) => `As of ${moment}`,
  },
)
