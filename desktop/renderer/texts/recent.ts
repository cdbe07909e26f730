import { english as en, russian as ru } from './numbers.ts'

export const russian = {
  recent: {
    title: 'Последние операции',
    folded: 'Имена и суммы скрыты от покупателей.',
    undo: 'Отменить',
    undoOf: (who: string, sum: string) => `Отменить: ${who}, ${sum}`,
    states: {
      done: 'Принято',
      waiting: 'В очереди',
      open: 'Ждём 1С',
      parked: 'Ждёт человека',
      handed_over: 'Передано',
    },
    refunds: {
      done: 'Отменена',
      waiting: 'Отмена в очереди',
      parked: 'Отмена ждёт человека',
      handed_over: 'Отмена передана',
    },
    partRefunds: {
      done: 'Часть возвращена',
      waiting: 'Возврат части в очереди',
      parked: 'Возврат части ждёт человека',
      handed_over: 'Возврат части передан',
    },
    card: (card: string) => `Карта ${card}`,
    confirmTitle: 'Отменить эту покупку?',
    confirmSpent: (count: number) => `Вернутся ${ru.points(count)}, которые списали.`,
    confirmEarned: (count: number) => `Снимутся ${ru.points(count)}, которые начислили.`,
    confirmMoney: 'Деньги верните через 1С: касса меняет только баллы.',
    confirm: 'Да, отменить',
    keep: 'Оставить как есть',
  },
}

export const english: typeof russian = {
  recent: {
    title: 'Latest operations',
    folded: 'Names and sums are hidden from customers.',
    undo: 'Undo',
    undoOf: (who, sum) => `Undo: ${who}, ${sum}`,
    states: {
      done: 'Accepted',
      waiting: 'Queued',
      open: 'Waiting for 1C',
      parked: 'Needs a person',
      handed_over: 'Handed over',
    },
    refunds: {
      done: 'Undone',
      waiting: 'Undo is queued',
      parked: 'Undo needs a person',
      handed_over: 'Undo was handed over',
    },
    partRefunds: {
      done: 'Partly returned',
      waiting: 'Partial return is queued',
      parked: 'Partial return needs a person',
      handed_over: 'Partial return was handed over',
    },
    card: (card) => `Card ${card}`,
    confirmTitle: 'Undo this purchase?',
    confirmSpent: (count) => `${en.points(count)} that were spent come back.`,
    confirmEarned: (count) => `${en.points(count)} that were earned are taken back.`,
    confirmMoney: 'Return the money in 1C: the register changes points only.',
    confirm: 'Yes, undo',
    keep: 'Leave it',
  },
}
