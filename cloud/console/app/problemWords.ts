import type { Problem } from './problem.ts'
import { words } from './words.ts'

/** What happened, what happened to the points, and what to do next. By the code of the refusal. */
interface Said {
  [code: string]: string
}

export const problemWords = words<{
  byCode: Said
  refused(message: string): string
  refusedRead(message: string): string
  offline: string
  noAnswerRead: string
  noAnswerAct: string
  notAllowed: string
  retry: string
}>(
  {
    byCode: {
      account_disabled: 'Учётная запись отключена. Ссылка не создана: сначала включите её.',
      account_exists: 'Такое имя уже занято. Учётная запись не создана: выберите другое имя.',
      account_not_found: 'Такой учётной записи нет. Ничего не изменилось.',
      already_resolved: 'Удержание уже закрыто. Баллы не тронуты второй раз.',
      already_settled: 'Это расхождение уже разобрали. Второй раз ничего не сделано.',
      amount_out_of_range: 'За один раз столько нельзя даже вдвоём. Баллы не тронуты: уменьшите число.',
      campaign_chosen: 'Люди этой кампании уже выбраны. Не сохранено: для других людей начните новую.',
      campaign_finished:
        'Эта кампания завершена. Не сохранено: начните новую, «Повторить» возьмёт её условия.',
      campaign_not_found: 'Такой кампании нет. Ничего не изменилось.',
      campaign_not_running: 'Кампания сейчас не идёт. Ничего не изменилось.',
      campaign_not_waiting: 'Кампания уже идёт или завершена. Второй раз она не запущена.',
      campaign_overtaken:
        'Эту кампанию уже сохранил кто-то другой, или такое имя занято. Не сохранено: откройте её заново в другой вкладке и перенесите своё.',
      campaign_running: 'Кампания идёт: сначала поставьте её на паузу. Не сохранено, баллы не тронуты.',
      consent_recorded: 'Согласие уже записано раньше. Ничего не изменилось.',
      customer_erased: 'Данные этого покупателя удалены. Ничего не изменилось.',
      customer_frozen: 'Карта заморожена. Баллы не тронуты: сначала разморозьте её.',
      customer_not_found: 'Покупателя с такой картой нет. Баллы не тронуты.',
      foreign_form: 'Вход сменился в другой вкладке. Ничего не изменилось: нажмите ещё раз.',
      hold_open: 'Баллы ещё удержаны: решите, была ли скидка в чеке. Пока ничего не изменилось.',
      in_debt: 'На карте долг: списать с неё нечего. Баллы не тронуты.',
      insufficient_points: 'Столько баллов на карте нет. Баллы не тронуты: уменьшите число.',
      key_reused: 'Этот запрос уже был другим. Ничего не изменилось: закройте окно и откройте заново.',
      needs_no_approval: 'На такую сумму одобрение не нужно. Отклоните предложение и сделайте сразу.',
      no_account: 'Учётной записи предложившего больше нет. Баллы не тронуты: предложите заново.',
      no_history: 'Этот день ещё не наступил, или его истории уже нет. Выберите другой.',
      no_hold: 'Удержания здесь нет: закройте с пометкой. Ничего не изменилось.',
      no_message: 'У этой кампании нет сообщения. Ничего не отправлено: сначала напишите его.',
      not_in_telegram:
        'Этой карты нет в Telegram, или бот заблокирован. Ничего не отправлено: напишите боту /start и повторите.',
      not_needed: 'Здесь нужны одобрения других ролей. Ничего не изменилось.',
      not_of_staff:
        'Это не карта сотрудника. Ничего не отправлено: отметьте её на странице покупателя и повторите.',
      not_yours: 'Это предложил другой человек: его меняет только он. Ничего не изменилось.',
      out_of_sight: 'В ваших программах и магазинах этого нет. Ничего не изменилось.',
      own_proposal:
        'Своё не одобряют и не проверяют, даже владелец. Ничего не изменилось: это сделает коллега.',
      page_fault: 'Ошибка на странице. Обновите её; если повторится, скажите ИТ.',
      proposal_decided: 'Решение уже принято другим человеком. Второй раз ничего не сделано.',
      proposal_edited: 'Пока вы смотрели, предложение изменили. Оно не одобрено: посмотрите его ещё раз.',
      proposal_lapsed: 'Прошло 7 дней, предложение истекло. Баллы не тронуты: предложите заново.',
      proposal_not_found: 'Такого предложения нет. Ничего не изменилось.',
      proposal_outdated:
        'То, что хотели изменить, с тех пор уже другое: баланс покупателя, версия правил или кампания. Ничего не сделано: отклоните и предложите заново.',
      register_not_found: 'Такой кассы нет. Ничего не изменилось: обновите список.',
      segment_exists: 'Сегмент с этим именем уже есть. Не сохранено: дайте другое имя.',
      segment_in_use:
        'Этим сегментом пользуются правило или кампания. Он не изменён: сохраните под другим именем.',
      segment_not_found: 'Такого сегмента уже нет. Ничего не изменилось.',
      signed_out: 'Вход закончился. Ничего не изменилось: войдите и нажмите ещё раз.',
      since_after_at: '«Что изменилось с» позже, чем «На день»: поменяйте дни местами.',
      store_exists: 'Магазин с таким названием уже есть. Новый не создан.',
      time_too_long: 'Отчёт бывает за срок от одного дня до 92. Измените даты.',
      told_once: 'Это уже сделано, а секрет показывают один раз. Попросите новый.',
      too_many_requests: 'Слишком часто. Ничего не изменилось: подождите минуту.',
      voucher_key_differs: 'Купоны этой базы сделаны с другим ключом. Ничего не изменилось: скажите ИТ.',
      voucher_not_found: 'Такого кода нет. Сверьте его: десять знаков, первая — буква.',
      vouchers_exported:
        'Коды этой партии уже выгрузили. Второй раз их не показать: создайте новую партию, а эту отмените.',
    },
    noAnswerAct:
      'Ответа нет, и неизвестно, сделано ли это. Нажмите ещё раз: второй раз то же самое не сделается.',
    noAnswerRead: 'Сервер не отвечает. Данные на месте: повторите через минуту.',
    notAllowed: 'Эта страница для других ролей. Нужна вам — попросите владельца.',
    offline: 'Нет сети. Проверьте связь и повторите.',
    refused: (message) => `Не сделано, баллы не тронуты. Сервер ответил: ${message}`,
    refusedRead: (message) => `Это не показать: проверьте адрес и даты. Сервер ответил: ${message}`,
    retry: 'Повторить',
  },
  {
    byCode: {
      account_exists: 'The name is taken. No account was made: choose another.',
      campaign_overtaken:
        'Somebody else has saved this campaign, or its name is taken. It was not saved: open it anew in another tab, and take over what is yours.',
      foreign_form: 'You have signed in anew in another tab. Nothing was changed: press again.',
      no_history: 'This day has not come, or its history is not kept any more. Choose another.',
      not_in_telegram:
        'This card is not in Telegram, or has blocked the bot. Nothing was sent: write /start to the bot, and try again.',
      not_needed: 'It needs approvals of other roles. Nothing was changed.',
      not_of_staff:
        'This is no card of the staff. Nothing was sent: mark it on the page of the customer, and try again.',
      own_proposal: 'Nobody approves or reviews what is their own, an owner neither. Nothing was changed.',
      page_fault: 'A fault of the page. Reload it; if it happens again, tell IT.',
      proposal_decided: 'Somebody else has decided about it already. Nothing was done twice.',
      proposal_edited: 'It was edited while you looked. It is not approved: look at it again.',
      proposal_lapsed: 'It lapsed after 7 days. No points were moved: propose it again.',
      proposal_outdated:
        'What it would change is not as it was: the customer, the version of the rules or the campaign. Nothing was done: reject it and propose it again.',
      segment_exists: 'There is a segment of this name. It was not saved: take another name.',
      segment_in_use: 'A rule or a campaign goes by it. It was not changed: save it under another name.',
      signed_out: 'Your session has ended. Nothing was changed: sign in, and press again.',
      since_after_at: '“Changed since” is later than the day: swap the two.',
      time_too_long: 'A report is of 1 to 92 days. Change the dates.',
      too_many_requests: 'Too often. Nothing was changed: wait a minute.',
      voucher_not_found: 'There is no such code. See to it: ten characters, the first a letter.',
      vouchers_exported:
        'The codes were taken out before and are not shown again: make another batch, and void this one.',
    },
    noAnswerAct: 'No answer came, and it is not known whether it was done. Press again: it is done once.',
    noAnswerRead: 'The server does not answer. Nothing is lost: try again in a minute.',
    notAllowed: 'This page is for other roles. Ask an owner if you need it.',
    offline: 'There is no network. See to it, and try again.',
    refused: (message) => `It was not done, and no points were moved. ${message}`,
    refusedRead: (message) => `It cannot be shown: look at the address and the dates. ${message}`,
    retry: 'Try again',
  },
)

type ProblemWords = (typeof problemWords)['ru']

export function problemText(said: ProblemWords, problem: Problem, isAct: boolean): string {
  if (problem.code === 'offline' && !isAct) return said.offline
  if (problem.isOpen) return isAct ? said.noAnswerAct : said.noAnswerRead
  const known = said.byCode[problem.code]
  if (known) return known
  if (isAct) return said.refused(problem.message)
  return problem.status === 403 ? said.notAllowed : said.refusedRead(problem.message)
}
