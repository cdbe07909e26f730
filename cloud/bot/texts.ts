import { allPoints } from '../../shared/allPoints.ts'
import { advertisingText, consentText } from '../../shared/consent.ts'
import { lastDayOf } from '../../shared/lastDay.ts'
import type { Frozen, HistoryItem, Language, MyStatus } from '../../shared/me.ts'
import type { MyVoucher } from '../../shared/myVoucher.ts'
import { formatCard, formatKopecks, formatPercent, formatSigned, formatWhole } from '../../shared/numbers.ts'
import type { Programme } from '../../shared/programme.ts'
import type { MyReferral } from '../../shared/referral.ts'
import type { Instant } from '../../shared/time.ts'
import { russianFrozenWords, russianVouchersFrozen } from '../../shared/words/frozen.ts'
import { capital, russianStatusWords } from '../../shared/words/status.ts'
import { russianVoucherWords } from '../../shared/words/voucher.ts'
import { russianWords } from '../../shared/words/words.ts'
import { dayOf, someOf, type When } from './formats.ts'
import { type Html, html, lines, paragraphs } from './html.ts'
import { english } from './texts.en.ts'

export interface Balance {
  card: string
  available: number
  held: number
  debt: number
  expiresNext: { points: number; at: string } | null
  /** What can be spent later, the first of it from then on. */
  waiting?: { points: number; from: string } | undefined
  frozen: Frozen | null
}

/** A customer's own link, and what came of it. */
interface Invitation extends Omit<MyReferral, 'code' | 'terms'> {
  link: string
  terms: NonNullable<MyReferral['terms']>
}

interface Told extends When {
  /** Where people are helped with what neither bot nor shop can do. */
  contact: string | undefined
}

export function textsOf(language: Language): Texts {
  return language === 'ru' ? russian : english
}

const { points, days, history } = russianWords
const day = (at: Instant, when: When) => dayOf(at, 'ru-RU', when)
const percent = (basisPoints: number) => formatPercent(basisPoints, ',')
const money = (kopecks: number | null) => (kopecks === null ? '' : ` ${formatKopecks(kopecks, ',')}`)
const least = (kopecks: number) =>
  kopecks > 1 ? ` от ${formatKopecks(kopecks, ',').replace(',00', '')}` : ''
const lastDay = (diesAt: string, { timeZone, now }: When) =>
  day(lastDayOf(Date.parse(diesAt), timeZone), { timeZone: 'UTC', now })

const russian = {
  language: 'ru' as Language,

  commands: {
    card: 'карта и QR-код',
    balance: 'сколько у вас баллов',
    status: 'мой статус и сколько до следующего',
    vouchers: 'мои купоны',
    invite: 'пригласить друга',
    history: 'покупки и баллы',
    rules: 'правила программы',
    notify: 'какие сообщения присылать',
    forget: 'стереть мои данные',
    help: 'что я умею',
  },

  buttons: {
    agree: 'Согласен',
    decline: 'Не согласен',
    openApp: 'Открыть приложение',
    menu: 'Карта',
    older: 'Раньше →',
    newest: '← В начало',
    card: 'Показать карту',
    balance: 'Баланс',
    purchases: (isOn: boolean) => `${isOn ? '✅' : '⬜️'} Покупки и возвраты`,
    expiry: (isOn: boolean) => `${isOn ? '✅' : '⬜️'} Скоро сгорят баллы`,
    status: (isOn: boolean) => `${isOn ? '✅' : '⬜️'} Мой статус`,
    referrals: (isOn: boolean) => `${isOn ? '✅' : '⬜️'} Приглашённые друзья`,
    vouchers: (isOn: boolean) => `${isOn ? '✅' : '⬜️'} Купоны`,
    share: 'Отправить другу',
    advertising: (isOn: boolean) => `${isOn ? '✅' : '⬜️'} Акции и предложения`,
    advertise: 'Да, присылайте',
    noAdvertising: 'Нет, спасибо',
    forget: 'Стереть навсегда',
    keep: 'Оставить',
  },

  consent: (toAgree: Parameters<typeof consentText>[1]) =>
    paragraphs(consentText('ru', toAgree).map((part) => html`${part}`)),
  closed: (contact: string | undefined) =>
    html`Новых карт бот пока не выдаёт: магазин ещё не указал, кто отвечает за данные. О вас ничего не сохранено.${contact ? ` Спросить можно здесь: ${contact}` : ''}`,
  advertising: (toAgree: Parameters<typeof advertisingText>[1]) =>
    paragraphs([html`<b>Присылать вам акции?</b>`, html`${advertisingText('ru', toAgree)}`]),
  advertisingAgreed: html`✓ Будем присылать акции и предложения. Передумаете — /notify.`,
  noAdvertising: html`Хорошо, рекламу не присылаем. Включить её можно в /notify.`,
  consentChanged: html`Текст согласия изменился, прочитайте его ещё раз.`,
  agreed: html`✓ Вы согласились.`,
  declined: html`Хорошо, мы ничего о вас не сохранили. Передумаете — нажмите /start.`,
  declinedLate: 'Карта у вас уже есть. Стереть её и ваши данные: /forget',
  noCards: html`Свободных номеров карт сейчас нет. Мы уже знаем об этом: попробуйте завтра.`,

  card: (
    { card, frozen }: Pick<Balance, 'card' | 'frozen'>,
    { isNew, needsApp, contact }: { isNew: boolean; needsApp: boolean; contact: string | undefined },
  ) =>
    paragraphs([
      isNew ? html`Готово, это ваша карта!` : null,
      html`Карта <b>${formatCard(card)}</b>`,
      frozen ? null : html`Покажите код на кассе или назовите номер.`,
      needsApp && !frozen
        ? html`Чтобы списать баллы, покажите код из приложения: по этому их только начисляют.`
        : null,
      frozen ? html`${russianFrozenWords[frozen](contact)}` : null,
    ]),

  balance: (
    { card, available, held, debt, expiresNext, waiting, frozen }: Balance,
    { contact, ...when }: Told,
  ) =>
    paragraphs([
      lines([html`На карте ${formatCard(card)}`, html`<b>${points(available)}</b>`]),
      held > 0 ? html`Ещё ${points(held)} касса удерживает для начатой покупки.` : null,
      waiting ? html`Ещё ${points(waiting.points)} с ${day(Date.parse(waiting.from), when)}.` : null,
      debt > 0
        ? html`Долг: ${points(debt)}. Его погасят следующие начисления, до этого списывать баллы нельзя.`
        : null,
      expiresNext
        ? frozen
          ? html`Ближайшие сгорят: ${points(expiresNext.points)}, после ${lastDay(expiresNext.at, when)}.`
          : html`Ближайшие сгорят: ${points(expiresNext.points)}. Потратить их можно по ${lastDay(expiresNext.at, when)} включительно.`
        : null,
      available + held + debt === 0 && !waiting && !frozen
        ? html`Покажите карту при следующей покупке, и баллы появятся.`
        : null,
      frozen ? html`${russianFrozenWords[frozen](contact)}` : null,
    ]),

  status: ({ title, benefits, cashbackBasisPoints, metric, next, isHighest }: MyStatus) =>
    paragraphs([
      title === null ? html`Статуса у вас пока нет.` : html`Ваш статус: <b>${title}</b>`,
      html`Возвращаем ${percent(cashbackBasisPoints)} % баллами.`,
      benefits.length > 0 ? lines(benefits.map((benefit) => html`• ${benefit}`)) : null,
      next
        ? html`${capital(russianStatusWords.missing(metric, next.missing, next.title))}.`
        : isHighest
          ? html`Это самый высокий статус.`
          : null,
    ]),
  noStatuses: html`В программе нет статусов: баллы у всех одинаковые.`,

  vouchers: (
    vouchers: MyVoucher[],
    { frozen, contact }: { frozen: Frozen | null; contact: string | undefined },
  ) =>
    paragraphs([
      vouchers.length === 0
        ? html`Купонов сейчас нет. Когда магазин подарит вам купон, он появится здесь.`
        : html`<b>Ваши купоны</b>`,
      ...vouchers.map(({ state, code, terms, stores }) =>
        lines([
          html`<b>${russianVoucherWords.gives(terms)}</b>`,
          ...[
            ...russianVoucherWords.conditions(terms),
            ...(stores ? [`только: ${someOf(stores, (count) => `и ещё ${count}`)}`] : []),
          ].map((condition) => html`${condition}`),
          code ? html`Код: <code>${code}</code>` : null,
          state === 'held' ? html`Сейчас на кассе.` : null,
        ]),
      ),
      frozen ? html`${russianVouchersFrozen} ${russianFrozenWords[frozen](contact)}` : null,
      !frozen && vouchers.some(({ code }) => code)
        ? html`Назовите код на кассе после карты. QR-код для сканера — в приложении.`
        : null,
    ]),

  invite: ({ link, terms, counts, points: given }: Invitation) =>
    paragraphs([
      html`<b>Пригласите друга</b>`,
      terms.referrer_points > 0
        ? html`Вам — ${points(terms.referrer_points)} за первую покупку друга${least(terms.min_purchase_kopecks)}.`
        : null,
      terms.referee_points > 0
        ? html`Другу — ${points(terms.referee_points)} за первую покупку${terms.referrer_points > 0 ? '' : least(terms.min_purchase_kopecks)}.`
        : null,
      terms.wait_days > 0
        ? html`Подарок придёт через ${days(terms.wait_days)} после покупки, если её не вернут.`
        : null,
      html`Ваша ссылка: ${link}`,
      counts.invited > 0
        ? html`Пришли: ${formatWhole(counts.invited)}, купили: ${formatWhole(counts.bought)}, ждём: ${formatWhole(counts.waiting)}, награждены: ${formatWhole(counts.rewarded)}. Вам за них: ${points(given.total)}, в этом месяце: ${points(given.month)}.`
        : null,
    ]),
  noInvitations: html`Сейчас за приглашения ничего не дарим.`,
  invitationToShare: (chainName: string) => `Карта «${chainName}»: копите баллы вместе со мной`,

  history: (items: HistoryItem[], { shownDays, ...when }: When & { shownDays: number }) =>
    paragraphs([
      html`<b>Покупки и баллы за ${days(shownDays)}</b>`,
      items.length === 0 ? html`Здесь пока ничего нет.` : null,
      ...items.map((item) => historyItem(item, when)),
    ]),

  rules: (programme: Programme, chainName: string) =>
    paragraphs([
      html`<b>${chainName}: правила</b>`,
      programme.cashback_basis_points > 0
        ? html`Возвращаем ${percent(programme.cashback_basis_points)} % баллами от того, что оплачено деньгами.`
        : null,
      html`Баллами можно оплатить до ${percent(programme.max_discount_basis_points)} % покупки. 1 балл = 1 ₽.`,
      programme.min_purchase_kopecks > 1
        ? html`Баллы начисляем и списываем на чеки${least(programme.min_purchase_kopecks)}.`
        : null,
      programme.activation_days > 0
        ? html`Начисленные баллы можно тратить через ${days(programme.activation_days)} после покупки.`
        : null,
      html`Баллы живут ${days(programme.lifetime_days)}, считая день покупки, и потом сгорают. Первыми тратятся те, что сгорят раньше.`,
      html`При возврате товара начисленные за него баллы снимаются, а потраченные возвращаются.`,
      programme.redeem_proof === 'signed_code'
        ? html`Чтобы списать баллы, покажите на кассе код из приложения. Начислить их можно по любому коду и по номеру карты.`
        : null,
      programme.welcome_bonus_points > 0
        ? html`Новым участникам дарим ${points(programme.welcome_bonus_points)}.`
        : null,
    ]),

  notify: html`О чём вам писать? Нажмите, чтобы включить или выключить.`,

  forgetAsk: ({ card, debt, ...balance }: Balance) =>
    paragraphs([
      html`<b>Стереть ваши данные?</b>`,
      html`Вы потеряете карту ${formatCard(card)}${allPoints(balance) > 0 ? html` и ${points(allPoints(balance))}` : ''}. Вернуть это будет нельзя.`,
      html`<b>Сразу</b> удалим имя, номер в Telegram, язык и настройки и больше не будем писать.`,
      html`<b>Позже</b> имя исчезнет с касс — когда они выйдут на связь — и из резервных копий, когда кончится срок их хранения. Если до того понадобится копия, ваши данные из неё сотрём снова.`,
      html`<b>Останутся</b> суммы покупок без имени и запись о том, что согласие было дано и отозвано, по которой нельзя узнать чьё. А если вы получали приветственные баллы, пришли по приглашению или остались должны — необратимый отпечаток номера в Telegram.`,
      debt > 0
        ? html`<b>Долг ${points(debt)} не исчезнет:</b> заведёте карту снова — он перейдёт на неё.`
        : null,
    ]),
  forgotten: html`Ваши данные стёрты, карты больше нет. С касс имя исчезнет, когда они выйдут на связь. Захотите вернуться — нажмите /start.`,
  kept: html`Оставили всё как есть.`,

  help: (commands: [name: string, what: string][], contact: string | undefined) =>
    paragraphs([
      html`Я показываю карту и считаю баллы.`,
      lines(commands.map(([name, what]) => html`/${name} — ${what}`)),
      contact ? html`Остался вопрос? Поддержка: ${contact}` : null,
    ]),
  hint: html`Я понимаю только команды: /card — карта, /balance — баллы, /help — всё остальное.`,

  oldButton: 'Эта кнопка устарела.',
  notRegistered: 'У вас ещё нет карты: нажмите /start',
  tryInAMinute: 'Сейчас не получается. Попробуйте через минуту.',
  broken: 'Что-то сломалось, мы уже знаем об этом. Попробуйте позже.',
}

export type Texts = typeof russian

function historyItem(item: HistoryItem, when: When): Html {
  const { kind, at, store, purchaseKopecks, refundKopecks, earned, spent, change } = item
  const sum = money(kind === 'refund' ? refundKopecks : purchaseKopecks)
  const both = kind === 'purchase' && earned > 0 && spent > 0
  return lines([
    html`${day(Date.parse(at), kind === 'expiry' ? { ...when, timeZone: 'UTC' } : when)}${store ? `, ${store}` : ''}`,
    html`${history[kind]}${sum}: <b>${formatSigned(change)}</b>`,
    both ? html`списано ${points(spent)}, начислено ${formatWhole(earned)}` : null,
  ])
}
