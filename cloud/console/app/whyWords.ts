import { words } from './words.ts'

/** Why a rule gave a purchase nothing. */
export const whyWords = words<Record<string, string>>(
  {
    nothing_paid: 'деньгами не платили',
    not_begun: 'ещё не началась',
    over: 'уже закончилась',
    below_min_purchase: 'покупка меньше нужной',
    other_store: 'другой магазин',
    other_hours: 'другие часы',
    other_status: 'другой статус',
    other_segment: 'другая группа покупателей',
    held_out: 'в контрольной группе: её покупки показывают, что дала акция',
    other_purchase: 'другая по счёту покупка',
    not_first_of_day: 'не первая за день',
    no_purchase_before: 'раньше не покупали',
    too_soon: 'слишком рано после прошлой',
    too_late: 'слишком поздно после прошлой',
    registered_before: 'карта выдана раньше',
    no_items: 'товары неизвестны',
    other_items: 'другие товары',
    used_up: 'лимит исчерпан',
    too_little: 'меньше одного балла',
    not_best: 'другая акция выгоднее',
    excluded: 'не сочетается с другой акцией',
    budget_short: 'бюджет акции исчерпан',
    day_limit: 'дневной предел баллов',
    too_many_purchases: 'слишком много покупок за день',
    not_known: 'условие нельзя проверить',
  },
  {},
)
