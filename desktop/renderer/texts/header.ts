import { formatWhole } from '../../../shared/numbers.ts'

export const russian = {
  header: {
    noStore: 'Касса не подключена',
    notHeard: '1С ещё не писала',
    exchange: {
      ok: '1С на связи',
      away: '1С не видна',
      alert: 'Ошибка файла 1С',
      unwritable: 'Папка 1С только для чтения',
    },
    online: 'Всё отправлено',
    sending: (count: number) => `Отправляем ${formatWhole(count)}`,
    starting: 'Соединяемся…',
    offline: 'Нет связи',
    queued: (count: number, age: string) => `В очереди ${formatWhole(count)} · ${age}`,
    offlineQueued: (count: number, age: string) => `Нет связи · ${formatWhole(count)} · ${age}`,
    unauthorised: 'Ключ не подходит',
    revoked: 'Касса отозвана',
    notEnrolled: 'Не подключена',
    parked: (count: number) => `Разобрать: ${formatWhole(count)}`,
    openQueue: 'Очередь',
    openSettings: 'Настройки',
    clockOff: (minutes: number) =>
      `Часы ${minutes < 0 ? 'спешат' : 'отстают'} на ${formatWhole(Math.abs(minutes))} мин`,
  },
}

export const english: typeof russian = {
  header: {
    notHeard: '1C has not written yet',
    noStore: 'Not enrolled',
    exchange: {
      ok: '1C connected',
      away: '1C not seen',
      alert: 'Bad file from 1C',
      unwritable: '1C folder is read-only',
    },
    online: 'All sent',
    sending: (count) => `Sending ${formatWhole(count)}`,
    starting: 'Connecting…',
    offline: 'Offline',
    queued: (count, age) => `Queue ${formatWhole(count)} · ${age}`,
    offlineQueued: (count, age) => `Offline · ${formatWhole(count)} · ${age}`,
    unauthorised: 'Key not accepted',
    revoked: 'Register revoked',
    notEnrolled: 'Not enrolled',
    parked: (count) => `To settle: ${formatWhole(count)}`,
    openQueue: 'Queue',
    openSettings: 'Settings',
    clockOff: (minutes) => `Clock ${formatWhole(Math.abs(minutes))} min ${minutes < 0 ? 'fast' : 'slow'}`,
  },
}
