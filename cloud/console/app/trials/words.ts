import { plural } from '../../../../shared/words/plural.ts'
import { words } from '../words.ts'

export const trialWords = words(
  {
    tryIt: 'Посчитать',
    tryAgain: 'Посчитать заново',
    days: (days: number) => `${days} ${plural(days, 'день', 'дня', 'дней')}`,
    waiting: 'Ждёт очереди…',
    running: (judged: string, all: string) => `Посчитано ${judged} из ${all} покупок`,
    progress: 'Сколько посчитано',
    stop: 'Остановить',
    cancelled: 'Расчёт остановлен.',
    failed: (problem: string) => `Не посчиталось, баллы не тронуты. Сервер ответил: ${problem}`,
    stores: 'По магазинам',
    rules: 'По наградам',
    awards: (count: string) => `раз: ${count}`,
    anew: (count: string) =>
      `Для ${count} покупок не всё известно так, как было тогда: взято то, что есть сейчас.`,
    skipped: 'Почему не получили',
    times: (count: string, number: number) => `${count} ${plural(number, 'раз', 'раза', 'раз')}`,
    examples: 'Примеры чеков',
  },
  {
    tryIt: 'Work it out',
    tryAgain: 'Work it out again',
    days: (days: number) => `${days} ${plural(days, 'day', 'days')}`,
    waiting: 'It waits for its turn…',
    running: (judged: string, all: string) => `${judged} of ${all} purchases judged`,
    progress: 'How far it is',
    stop: 'Stop',
    cancelled: 'It was stopped.',
    failed: (problem: string) => `It could not be worked out, and no points were moved. ${problem}`,
    stores: 'By store',
    rules: 'By award',
    awards: (count: string) => `times: ${count}`,
    anew: (count: string) =>
      `Of ${count} purchases not all is known as it was then: it is taken as it is now.`,
    skipped: 'Why they got nothing',
    times: (count: string, number: number) => `${count} ${plural(number, 'time', 'times')}`,
    examples: 'Example receipts',
  },
)
