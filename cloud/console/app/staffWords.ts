import { roleTitles } from '../../../shared/words/roles.ts'
import { words } from './words.ts'

export const roleWords = words(roleTitles.ru, roleTitles.en)

/** As what something was done where it was no role of the staff. */
export const authorWords = words<Record<string, string>>(
  { ...roleTitles.ru, system: 'система', admin: 'сервер', register: 'касса', customer: 'покупатель' },
  { ...roleTitles.en, admin: 'the server' },
)

/** What acts are called in lists and in the log of changes; one that is not here has its own name. */
export const actWords = words<Record<string, string>>(
  {
    'programme add': 'Новая программа',
    'store add': 'Новый магазин',
    'store hours': 'Часы магазина',
    'register add': 'Новая касса',
    'register code': 'Код подключения кассы',
    'register channel': 'Канал обновлений кассы',
    'register diagnostics': 'Запрос диагностики',
    'register revoke': 'Отзыв ключа кассы',
    'register enrol': 'Касса подключилась',
    'register key': 'Новый ключ кассы',
    'release publish': 'Выпуск опубликован',
    'release percent': 'Доля выпуска',
    'release promote': 'Выпуск повышен',
    'release pull': 'Выпуск отозван',
    'staff add': 'Новый сотрудник',
    'staff roles': 'Роли сотрудника',
    'staff disable': 'Отключение сотрудника',
    'staff link': 'Ссылка для входа',
    'staff link used': 'Вход по ссылке',
    'staff reset': 'Сброс второго фактора',
    'staff signout': 'Завершение сеансов',
    'staff sign-in': 'Вход',
    'staff second factor': 'Второй фактор настроен',
    'customer add': 'Новый покупатель',
    'customer consent': 'Согласие записано',
    'customer advertising': 'Согласие на рекламу',
    'customer freeze': 'Заморозка карты',
    'customer erase': 'Удаление данных',
    'customer adjust': 'Корректировка баллов',
    'customer view': 'Просмотр покупателя',
    'hold settle': 'Закрытие удержания',
    'discrepancy settle': 'Разбор расхождения',
    'proposal add': 'Предложение',
    'proposal approve': 'Одобрение',
    'proposal reject': 'Отклонение',
    'proposal edit': 'Правка предложения',
    'proposal break': 'Сделано в одиночку',
    'proposal review': 'Проверка сделанного в одиночку',
    'settings set': 'Настройка',
    'book publish': 'Публикация правил',
    'segment add': 'Сегмент',
    'status set': 'Статус покупателя',
    'notification retry': 'Повтор сообщений',
    'notification drop': 'Отмена сообщений',
    'job run': 'Запуск работы',
    restore: 'Восстановление из копии',
  },
  {},
)
