import { formatWhole } from '../../../shared/numbers.ts'
import { plural } from '../../../shared/words/plural.ts'
import { englishWords, russianWords } from '../../../shared/words/words.ts'

const operations: Record<'ru' | 'en', Record<string, string>> = {
  ru: russianWords.operations,
  en: englishWords.operations,
}

export const russian = {
  queue: {
    title: 'Очередь',
    allSent: 'Всё отправлено в облако',
    waiting: (count: number) => `${plural(count, 'Ждёт', 'Ждут', 'Ждут')} отправки: ${formatWhole(count)}`,
    oldest: (age: string) => `самая старая – ${age}`,
    nothingParked: 'Разбирать нечего: все операции приняты.',
    waitingTitle: 'Ждут отправки',
    waitingHint: 'Записаны в кассе и не потеряются: касса отправит их сама.',
    more: (count: number) => `и ещё ${formatWhole(count)}`,
    handedOverTitle: 'Переданы администратору',
    states: { waiting: 'В очереди', parked: 'Ждёт человека', handed_over: 'Передано' },
    parkedTitle: 'Облако не приняло – нужно решение',
    parkedHint:
      'Повторите, если причина устранена. Иначе передайте администратору: он разберёт и поправит баллы.',
    kind: (kind: string) => operations.ru[kind] ?? kind,
    retry: 'Повторить',
    handOver: 'Передать администратору',
    noticesTitle: 'Сообщения кассы',
  },
}

export const english: typeof russian = {
  queue: {
    title: 'Queue',
    allSent: 'Everything was sent to the cloud',
    waiting: (count) => `Waiting to be sent: ${formatWhole(count)}`,
    oldest: (age) => `the oldest for ${age}`,
    nothingParked: 'Nothing to settle: all operations were accepted.',
    waitingTitle: 'Waiting to be sent',
    waitingHint: 'The register has them and loses none: it sends them by itself.',
    more: (count) => `and ${formatWhole(count)} more`,
    handedOverTitle: 'Handed over to an administrator',
    states: { waiting: 'Queued', parked: 'Needs a person', handed_over: 'Handed over' },
    parkedTitle: 'Refused by the cloud – a person must decide',
    parkedHint:
      'Try again once the cause is gone. Otherwise hand it over: an administrator will settle the points.',
    kind: (kind) => operations.en[kind] ?? kind,
    retry: 'Try again',
    handOver: 'Hand over',
    noticesTitle: 'Messages of the register',
  },
}
