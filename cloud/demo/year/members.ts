import { DAY, type Instant } from '../../../shared/time.ts'
import type { Chance } from './chance.ts'

/** A customer of the demo’s shops, with the habits by which they live through the year. */
export interface Member {
  card: string
  firstName: string
  joinedAt: Instant
  /** Of the stores, by its place among them. */
  home: number
  gapDays: number
  /** With each purchase, that it was the last one. */
  leaves: number
  receiptKopecks: number
  /** How often they spend points where they can. */
  spends: number
}

const names = [
  ...[
    'Александр',
    'Алексей',
    'Алина',
    'Анастасия',
    'Андрей',
    'Анна',
    'Антон',
    'Артём',
    'Валентина',
    'Валерий',
  ],
  ...[
    'Вера',
    'Виктор',
    'Виктория',
    'Владимир',
    'Галина',
    'Дарья',
    'Денис',
    'Дмитрий',
    'Евгений',
    'Екатерина',
  ],
  ...[
    'Елена',
    'Елизавета',
    'Зинаида',
    'Иван',
    'Игорь',
    'Илья',
    'Инна',
    'Ирина',
    'Кирилл',
    'Ксения',
    'Лариса',
  ],
  ...['Людмила', 'Максим', 'Маргарита', 'Марина', 'Мария', 'Михаил', 'Надежда', 'Наталья', 'Нина', 'Николай'],
  ...['Оксана', 'Олег', 'Ольга', 'Павел', 'Пётр', 'Полина', 'Роман', 'Светлана', 'Сергей', 'Софья', 'Степан'],
  ...['Тамара', 'Татьяна', 'Ульяна', 'Фёдор', 'Юлия', 'Юрий', 'Яна', 'Ярослав'],
] as [string, ...string[]]

/** Some come every other day, most every two weeks, some once a season; more of them in the first months. */
export function membersOf(
  chance: Chance,
  { count, from, days, stores }: { count: number; from: Instant; days: number; stores: number },
): Member[] {
  const cards = new Set<string>()
  while (cards.size < count) cards.add(String(chance.int(200_000, 999_999)))
  return [...cards]
    .map((card) => ({
      ...{
        card,
        firstName: chance.pick(names),
        joinedAt: from + Math.floor(chance.next() ** 1.4 * days * DAY),
      },
      // The first store has half of them.
      home: chance.is(0.5) ? 0 : chance.int(1, stores - 1),
      gapDays: Math.min(90, Math.max(2, 13 * Math.exp(0.8 * chance.normal()))),
      leaves: 0.02 + 0.12 * chance.next() ** 2,
      receiptKopecks: 70_000 * Math.exp(0.6 * chance.normal()),
      spends: 0.6 * chance.next(),
    }))
    .sort((one, other) => one.joinedAt - other.joinedAt)
}
