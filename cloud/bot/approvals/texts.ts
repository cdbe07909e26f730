import type { Language } from '../../../shared/me.ts'
import { formatKopecks, formatPercent, formatWhole } from '../../../shared/numbers.ts'
import { englishVoucherWords, russianVoucherWords } from '../../../shared/words/voucher.ts'
import { englishWords, russianWords } from '../../../shared/words/words.ts'
import { type Html, html, paragraphs } from '../html.ts'

type Named = Record<string, string>

interface Worth {
  points: string
  kopecks: string
}

const russian = {
  locale: 'ru-RU',
  decimal: ',',
  points: russianWords.points,
  pointsWord: russianWords.pointsWord,
  days: russianWords.days,

  bound: (account: string) =>
    paragraphs([
      html`✓ Этот чат связан с учётной записью <b>${account}</b>.`,
      html`Сюда придут предложения, которым нужно ваше одобрение. Отвязать чат можно в консоли: «Мой вход».`,
      html`Карта покупателя, если она у вас есть, работает в этом чате как прежде.`,
    ]),
  linkOver: html`Ссылка уже использована, или её десять минут прошли. Возьмите новую в консоли: «Мой вход» → «Связать Telegram».`,
  taken: html`Этот Telegram уже связан с другой учётной записью. Сначала отвяжите его там: консоль, «Мой вход».`,

  approve: 'Одобрить',
  reject: 'Отклонить',
  open: 'Открыть в консоли',

  proposal: (id: number, act: string) => html`<b>Предложение № ${id}: ${act}</b>`,
  acts: {
    'customer adjust': 'корректировка баллов',
    'book publish': 'новая версия правил',
    'settings set': 'настройка программы',
    'campaign start': 'запуск кампании',
    'programme freeze': 'приостановка программы',
    'voucher add': 'новая партия купонов',
  } as Named,
  card: (card: string) => html`Карта <b>${card}</b>`,
  setting: (name: string, value: string) => html`${name}: <b>${value}</b>`,
  campaign: (name: string) => html`Кампания «${name}»`,
  vouchers: russianVoucherWords,
  batch: (title: string, terms: string) => html`«${title}»: <b>${terms}</b>`,
  audiences: {
    bearer: (codes: number) => html`Кодов: ${formatWhole(codes)}, у кого есть код`,
    cards: (cards: number) => html`Кодов: ${formatWhole(cards)}, свой каждой карте`,
    segment: (name: string) => html`Свой код каждому из сегмента «${name}»`,
  },
  freeze: (isUndone: boolean) =>
    isUndone
      ? html`<b>Возобновить программу</b>: баллы снова начисляются и списываются.`
      : html`<b>Приостановить программу</b>: ни одна карта не копит и не тратит, кассы продают без баллов.`,
  noMovement: html`Баллы при этом не двигаются.`,
  changed: (what: string, before: string, after: string) => html`• ${what}: ${before} → <b>${after}</b>`,
  added: (what: string) => html`• ${what}: добавлено`,
  removed: (what: string) => html`• ${what}: убрано`,
  other: (what: string) => html`• ${what}: изменено`,
  more: (count: number) => html`… и ещё ${formatWhole(count)}: откройте в консоли`,
  gives: ({ points, kopecks }: Worth) => html`<b>${points}</b> получит покупатель, это ${kopecks}`,
  takes: ({ points, kopecks }: Worth) => html`<b>${points}</b> спишется у покупателя, это ${kopecks}`,
  aMonth: ({ points, kopecks }: Worth) =>
    html`<b>${points}</b>, это ${kopecks}: больше за последние 30 дней, чем по нынешним правилам`,
  aMonthLess: ({ points, kopecks }: Worth) =>
    html`<b>${points}</b>, это ${kopecks}: меньше за последние 30 дней, чем по нынешним правилам`,
  atMost: ({ points, kopecks }: Worth) =>
    html`<b>${points}</b>, это ${kopecks}: самое большее, если используют все купоны`,
  noEffect: html`Эффект в баллах заранее не известен.`,
  by: (account: string, reason: string | null) =>
    html`Предлагает ${account}${reason === null ? '' : html`: ${reason}`}`,
  needs: (roles: string, approvals: string) =>
    html`Нужны: ${roles}${approvals === '' ? '' : html`. Уже одобрено: ${approvals}`}`,
  from: (at: string) => html`Действует с ${at}`,
  until: (at: string) => html`Решить до ${at}`,

  youApproved: html`✓ Вы одобрили. Ждём остальных.`,
  done: (account: string) => html`✓ Одобрено и сделано, последним одобрил ${account}.`,
  doneAlone: (account: string, reason: string) =>
    html`⚠️ Сделано без одобрений: ${account}. Причина: ${reason}`,
  rejected: (account: string, reason: string) => html`✗ Отклонено: ${account}. Причина: ${reason}`,
  lapsed: html`Прошло 7 дней, предложение истекло. Ничего не изменилось.`,
  edited: html`Предложение изменили: эти кнопки больше не действуют. Новая версия придёт отдельно.`,

  askCode: html`Пришлите шесть цифр из приложения с кодами, в течение пяти минут. Сообщение с кодом я сразу удалю.`,
  askReason: html`Почему отклоняете? Напишите причину ответом, до 100 знаков: её увидят все.`,
  codeTaken: html`✓ Код принят, ваше одобрение записано.`,
  codeWrong: html`Код не подошёл или уже использован. Ничего не одобрено: пришлите следующий.`,
  codeLocked: html`Слишком много неверных кодов. Ничего не одобрено: подождите 15 минут и нажмите кнопку снова.`,
  reasonWrong: html`Нужен текст до 100 знаков. Пока ничего не отклонено: пришлите причину ещё раз.`,
  noFactor: 'Вашей роли нужен второй фактор. Ничего не изменилось: настройте его в консоли.',
  notBound: 'Этот чат не связан с учётной записью, или она отключена. Ничего не изменилось.',
  already: 'Ваше одобрение уже есть.',
  refusals: {
    own_proposal: 'Своё не одобряют, даже владелец. Ничего не изменилось.',
    not_needed: 'Здесь нужны одобрения других ролей. Ничего не изменилось.',
    not_allowed: 'Вашей роли это нельзя. Ничего не изменилось.',
    not_yours: 'Это предложение отклоняете не вы. Ничего не изменилось.',
    proposal_edited: 'Предложение изменили: эта кнопка была о другом. Ничего не одобрено, посмотрите новое.',
    proposal_outdated:
      'С тех пор изменилось то, о чём просили. Ничего не сделано: отклоните и предложите заново.',
    proposal_decided: 'Решение уже принято. Второй раз ничего не сделано.',
    proposal_lapsed: 'Прошло 7 дней, предложение истекло. Ничего не изменилось.',
    proposal_not_found: 'Такого предложения нет. Ничего не изменилось.',
    out_of_sight: 'В ваших программах этого нет. Ничего не изменилось.',
    no_account: 'Учётной записи предложившего больше нет. Ничего не изменилось: предложите заново.',
  } as Named,
  refused: (message: string) => `Не сделано, баллы не тронуты. Сервер ответил: ${message}`,
}

export type ApprovalTexts = typeof russian

const english: ApprovalTexts = {
  locale: 'en-GB',
  decimal: '.',
  points: englishWords.points,
  pointsWord: englishWords.pointsWord,
  days: englishWords.days,

  bound: (account) =>
    paragraphs([
      html`✓ This chat is bound to the account <b>${account}</b>.`,
      html`Proposals that need your approval come here. It is unbound in the console, under your account.`,
      html`A customer's card, if you have one, works in this chat as before.`,
    ]),
  linkOver: html`The link was used, or its ten minutes are over. Take a new one in the console: your account, “Bind Telegram”.`,
  taken: html`This Telegram is bound to another account. Unbind it there first: the console, your account.`,

  approve: 'Approve',
  reject: 'Reject',
  open: 'Open in the console',

  proposal: (id, act) => html`<b>Proposal ${id}: ${act}</b>`,
  acts: {
    'customer adjust': 'adjusting points',
    'book publish': 'a new version of the rules',
    'settings set': 'a setting of the programme',
    'campaign start': 'starting a campaign',
    'programme freeze': 'freezing the programme',
    'voucher add': 'a new batch of vouchers',
  },
  card: (card) => html`Card <b>${card}</b>`,
  setting: (name, value) => html`${name}: <b>${value}</b>`,
  campaign: (name) => html`Campaign “${name}”`,
  vouchers: englishVoucherWords,
  batch: (title, terms) => html`“${title}”: <b>${terms}</b>`,
  audiences: {
    bearer: (codes) => html`Codes: ${formatWhole(codes)}, for whoever has one`,
    cards: (cards) => html`Codes: ${formatWhole(cards)}, one for each card`,
    segment: (name) => html`A code of their own for each who is in the segment “${name}”`,
  },
  freeze: (isUndone) =>
    isUndone
      ? html`<b>Let the programme go on</b>: points are earned and spent again.`
      : html`<b>Freeze the programme</b>: no card earns or spends, tills sell without points.`,
  noMovement: html`No points are moved by it.`,
  changed: (what, before, after) => html`• ${what}: ${before} → <b>${after}</b>`,
  added: (what) => html`• ${what}: added`,
  removed: (what) => html`• ${what}: removed`,
  other: (what) => html`• ${what}: changed`,
  more: (count) => html`… and ${formatWhole(count)} more: open it in the console`,
  gives: ({ points, kopecks }) => html`the customer gets <b>${points}</b>, worth ${kopecks}`,
  takes: ({ points, kopecks }) => html`<b>${points}</b> are taken from the customer, worth ${kopecks}`,
  aMonth: ({ points, kopecks }) =>
    html`<b>${points}</b>, worth ${kopecks}: more in the latest 30 days than by the rules of now`,
  aMonthLess: ({ points, kopecks }) =>
    html`<b>${points}</b>, worth ${kopecks}: less in the latest 30 days than by the rules of now`,
  atMost: ({ points, kopecks }) =>
    html`<b>${points}</b>, worth ${kopecks}: the most that the vouchers give, if all are used`,
  noEffect: html`The effect in points is not known beforehand.`,
  by: (account, reason) => html`Proposed by ${account}${reason === null ? '' : html`: ${reason}`}`,
  needs: (roles, approvals) =>
    html`It needs: ${roles}${approvals === '' ? '' : html`. Approved by ${approvals}`}`,
  from: (at) => html`It holds from ${at}`,
  until: (at) => html`To be decided by ${at}`,

  youApproved: html`✓ You have approved it. It waits for the others.`,
  done: (account) => html`✓ Approved and done, last by ${account}.`,
  doneAlone: (account, reason) => html`⚠️ Done without approvals by ${account}. Why: ${reason}`,
  rejected: (account, reason) => html`✗ Rejected by ${account}. Why: ${reason}`,
  lapsed: html`It lapsed after 7 days. Nothing was changed.`,
  edited: html`The proposal was edited: these buttons do nothing any more. The new version comes by itself.`,

  askCode: html`Send the six digits of your app for codes within five minutes. I delete the message with the code at once.`,
  askReason: html`Why do you reject it? Answer with the reason, in up to 100 characters: everybody sees it.`,
  codeTaken: html`✓ The code was right, and your approval is written down.`,
  codeWrong: html`The code is wrong, or was used. Nothing is approved: send the next one.`,
  codeLocked: html`Too many wrong codes. Nothing is approved: wait 15 minutes, and press the button again.`,
  reasonWrong: html`A text of up to 100 characters is needed. Nothing is rejected yet: send the reason again.`,
  noFactor: 'Your role needs a second factor. Nothing was changed: set it up in the console.',
  notBound: 'This chat is bound to no account, or the account is disabled. Nothing was changed.',
  already: 'You have approved it.',
  refusals: {
    own_proposal: 'Nobody approves their own, an owner neither. Nothing was changed.',
    not_needed: 'It needs approvals of other roles. Nothing was changed.',
    not_allowed: 'Your role may not do that. Nothing was changed.',
    not_yours: 'It is not yours to reject. Nothing was changed.',
    proposal_edited:
      'It was edited: this button was about something else. Nothing is approved, look at the new one.',
    proposal_outdated:
      'What it would change has changed since. Nothing was done: reject it, and propose it again.',
    proposal_decided: 'It is decided already. Nothing was done twice.',
    proposal_lapsed: 'It lapsed after 7 days. Nothing was changed.',
    proposal_not_found: 'There is no such proposal. Nothing was changed.',
    out_of_sight: 'There is no such thing in your programmes. Nothing was changed.',
    no_account: 'Who proposed it has no account any more. Nothing was changed: propose it again.',
  },
  refused: (message) => `It was not done, and no points were moved. ${message}`,
}

export const approvalTexts: Record<Language, ApprovalTexts> = { ru: russian, en: english }

/** A value of a book or of the settings, in the units that people use. */
export function saidValue(
  value: unknown,
  unit: string | null,
  { decimal, points, days }: ApprovalTexts,
): string {
  if (value === null || value === undefined) return '—'
  if (typeof value !== 'number') return String(value)
  if (unit === 'kopecks') return formatKopecks(value, decimal)
  if (unit === 'basis points') return `${formatPercent(value, decimal)} %`
  if (unit === 'days') return days(value)
  return unit === 'points' ? points(value) : formatWhole(value)
}

/** The list of what a text has, one under the other, with what was left out at its end. */
export function firstOf(parts: Html[], most: number, { more }: ApprovalTexts): Html[] {
  return parts.length <= most ? parts : [...parts.slice(0, most), more(parts.length - most)]
}
