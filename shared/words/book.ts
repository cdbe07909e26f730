import type { Language } from '../me.ts'
import type { Difference } from '../rules/difference.ts'

type Named = Record<string, string>

/** What stands in a book and in the settings, as the console and the chat of an approver name it; what is not here has the name it is written by. */
interface BookWords {
  subjects: Record<Difference['part'], string>
  /** By the unit of a field. */
  units: Named
  fields: Named
  settings: Named
  choices: Named
}

export const bookWords: Record<Language, BookWords> = {
  ru: {
    subjects: {
      base: 'Основа',
      rule: 'Акция',
      status: 'Статус',
      status_terms: 'Условия статусов',
      budget: 'Бюджет',
      limits: 'Ограничения',
      referral: 'Приглашение друзей',
    },
    units: { kopecks: 'руб.', 'basis points': '%', days: 'дней', points: 'баллов' },
    fields: {
      cashback_basis_points: 'Кешбэк с оплаченного деньгами',
      max_discount_basis_points: 'Самая большая скидка, от покупки',
      lifetime_days: 'Срок жизни баллов',
      activation_days: 'Через сколько дней можно тратить',
      min_purchase_kopecks: 'Самая маленькая покупка',
      max_purchase_kopecks: 'Самая большая покупка',
      referrer_points: 'Пригласившему',
      referee_points: 'Другу',
      wait_days: 'Сколько ждать возврата',
      per_month: 'Друзей с наградой в месяц',
      title: 'Название',
      when: 'Условия',
      award: 'Награда',
      from: 'Начало',
      until: 'Конец',
      stacking: 'Сочетание',
      keep: 'Чтобы сохранить',
      colour: 'Цвет',
      benefits: 'Преимущества',
      priority: 'Очередь',
      uses: 'Сколько раз',
      cap_points: 'Не больше за чек',
      budget: 'Бюджет',
      audience: 'Кому',
      holdout_percent: 'Остаются для сравнения',
      campaign: 'Кампания',
      limit_points: 'Предел',
      period: 'Период',
      per_store: 'У каждого магазина свой',
      soft_percent: 'Предупредить, когда потрачено',
      when_short: 'Когда не хватает',
      metric: 'Мера',
      months: 'Месяцев',
      type: 'Вид',
      notice_days: 'Предупредить за',
      grace_days: 'Отсрочка',
      down: 'Вниз',
      points_per_customer_day: 'Баллов покупателю в день',
      purchases_per_customer_day: 'Покупок в день',
      soft: 'сказать человеку после',
      hard: 'не начислять после',
    },
    settings: {
      welcome_bonus_points: 'Подарок за регистрацию, баллов',
      hold_seconds: 'Сколько касса ждёт 1С, секунд',
      duplicate_window_seconds: 'Окно одинаковых покупок, секунд',
      history_shown_days: 'История в приложении, дней',
      history_retention_days: 'Хранение истории, дней',
      card_digits: 'Цифр в карте',
      redeem_proof: 'Чем подтверждают списание',
      offline_customers_days: 'Кого касса знает без сети, дней',
      typed_limit_kopecks: 'Сумма вручную без PIN',
      return_days: 'Возврат без PIN, дней',
      returns_of: 'Чьи покупки принимают к возврату',
      max_open_holds: 'Открытых удержаний на кассе',
      alert_redemptions_an_hour: 'Тревога: списаний в час',
      alert_cards_in_ten_minutes: 'Тревога: карт за 10 минут',
      alert_missed_cards_in_ten_minutes: 'Тревога: чужих карт за 10 минут',
      alert_purchases_a_card_a_day: 'Тревога: покупок на карту в день',
      alert_points_a_register_a_day: 'Тревога: баллов на кассе в день',
      alert_merges_a_day: 'Тревога: объединений карт в день',
      alert_cards_of_a_customer: 'Тревога: старых карт у одного покупателя',
      approval_adjust_points: 'Больше — решают двое, баллов в день',
      approval_book_kopecks: 'Правила дороже за месяц — решают двое',
      advertising_per_week: 'Сообщений кампаний одному человеку, в неделю',
    },
    choices: {
      none: 'любая карта',
      signed_code: 'живой код приложения',
      store: 'только своего магазина',
      programme: 'любого магазина, по карте',
    },
  },
  en: {
    subjects: {
      base: 'Base',
      rule: 'Rule',
      status: 'Status',
      status_terms: 'Terms of statuses',
      budget: 'Budget',
      limits: 'Limits',
      referral: 'Inviting friends',
    },
    units: { kopecks: 'roubles', 'basis points': '%', days: 'days', points: 'points' },
    fields: {},
    settings: {},
    choices: { none: 'any card', signed_code: 'live code of the app' },
  },
}
