import { known } from '../../shared/known.ts'
import type { HeardHistoryItem } from '../../shared/me.ts'
import { formatKopecks, formatSigned, formatWhole } from '../../shared/numbers.ts'
import type { HeardMyReferral } from '../../shared/referral.ts'
import type { Instant } from '../../shared/time.ts'
import { russianFrozenWords, russianVouchersFrozen } from '../../shared/words/frozen.ts'
import { plural } from '../../shared/words/plural.ts'
import { capital, russianStatusWords } from '../../shared/words/status.ts'
import { russianVoucherWords } from '../../shared/words/voucher.ts'
import { russianWords } from '../../shared/words/words.ts'
import type { ProblemCode } from './cloudApi.ts'
import { daysUntil, formatDay, formatFullDay, formatMonth, formatTime } from './dates.ts'

const LOCALE = 'ru-RU'

const { points, pointsWord, days: daysOf, history: kinds } = russianWords
const percent = (basisPoints: number) => `${(basisPoints / 100).toLocaleString(LOCALE)}\u00a0%`

type HeardAward = NonNullable<HeardHistoryItem['awards']>[number]
type HeardTerms = NonNullable<HeardMyReferral['terms']>

interface ProblemTexts {
  title: string
  next: string
}

const problems: Record<ProblemCode, ProblemTexts> = {
  init_data_missing: {
    title: 'Откройте карту в Telegram',
    next: 'Эта страница работает только внутри Telegram: откройте её кнопкой в чате с ботом.',
  },
  init_data_forged: {
    title: 'Не получилось узнать вас',
    next: 'Закройте это окно и откройте заново из бота.',
  },
  init_data_old: {
    title: 'Окно открыто слишком давно',
    next: 'Ради безопасности оно работает сутки. Закройте его и откройте заново из бота.',
  },
  init_data_reused: {
    title: 'Карта открыта в другом окне',
    next: 'Каждое окно открывается ботом отдельно. Закройте это и откройте заново из бота.',
  },
  no_mini_app: {
    title: 'Карта пока недоступна',
    next: 'Магазин ещё не подключил бота. Загляните позже.',
  },
  consent_outdated: {
    title: 'Текст согласия обновился',
    next: 'Обновите страницу, чтобы прочитать новый.',
  },
  registration_closed: {
    title: 'Новых карт пока не выдают',
    next: 'Магазин ещё не указал, кто отвечает за данные покупателей. О вас ничего не сохранено.',
  },
  offline: {
    title: 'Нет интернета',
    next: 'Проверьте связь и попробуйте ещё раз.',
  },
  away: {
    title: 'Сервер не отвечает',
    next: 'Баллы на месте. Попробуйте ещё раз через минуту.',
  },
  busy: {
    title: 'Слишком часто',
    next: 'Подождите минуту и попробуйте ещё раз.',
  },
  failed: {
    title: 'Что-то пошло не так',
    next: 'Попробуйте ещё раз. Баллы на месте.',
  },
}

export const russian = {
  locale: LOCALE,
  languageNames: { ru: 'Русский', en: 'English' },
  language: 'Язык',
  points,
  pointsWord,
  problems,
  retry: 'Попробовать ещё раз',
  reload: 'Обновить',
  close: 'Закрыть',
  loading: 'Загружаем…',
  shownAsOf: (at: Instant) => `Показано на ${formatTime(at, LOCALE)}.`,

  tabs: { card: 'Карта', history: 'История', expiry: 'Сроки', profile: 'Профиль' },
  sections: 'Разделы',

  card: {
    title: 'Моя карта',
    onCard: (count: number) => `${pointsWord(count)} на карте`,
    worth: '1 балл = 1 ₽',
    expires: (count: number, at: Instant) =>
      `${points(count)} можно потратить по ${formatDay(at, LOCALE)} включительно`,
    expiresUnspent: (count: number, at: Instant) =>
      `${points(count)} ${plural(count, 'сгорит', 'сгорят', 'сгорят')} после ${formatDay(at, LOCALE)}`,
    waiting: (count: number, from: Instant) => `Ещё ${points(count)} с ${formatDay(from, LOCALE)}`,
    held: (count: number) => `${points(count)} ${plural(count, 'ждёт', 'ждут', 'ждут')} кассу`,
    debt: (count: number) => `Долг ${points(count)}: вернут следующие покупки`,
    frozen: russianFrozenWords,
    show: 'Покажите код на кассе',
    number: 'Номер карты',
    code: 'QR-код карты',
    barcode: 'Штрихкод карты',
    enlarge: 'Увеличить QR-код',
    shrink: 'Закрыть QR-код',
    renews: 'Код обновляется сам',
    renewing: 'Обновляем код…',
    plainCode: 'Постоянный код',
    plain: 'Нет связи, поэтому показан постоянный код карты. Он тоже подойдёт.',
    plainEarnsOnly:
      'Нет связи: по этому коду баллы начислят, а для списания нужен живой код. Он вернётся со связью.',
  },

  status: {
    title: (title: string | null) => (title === null ? 'Статуса пока нет' : `Статус «${title}»`),
    missing: (metric: string, count: number, title: string) =>
      capital(russianStatusWords.missing(metric, count, title)),
    highest: 'Это самый высокий статус',
    cashback: (basisPoints: number) => `Возвращаем ${percent(basisPoints)} баллами`,
    progress: 'До следующего статуса',
  },

  invite: {
    title: 'Пригласить друга',
    terms: ({ referrer_points, referee_points, min_purchase_kopecks, wait_days }: HeardTerms) => [
      ...(referrer_points > 0 ? [`Вам — ${points(referrer_points)}`] : []),
      ...(referee_points > 0 ? [`Другу — ${points(referee_points)}`] : []),
      `За первую покупку друга${min_purchase_kopecks > 1 ? ` от ${formatKopecks(min_purchase_kopecks, ',').replace(',00', '')}` : ''}.${
        wait_days > 0 ? ` Подарок придёт через ${daysOf(wait_days)}, если её не вернут.` : ''
      }`,
    ],
    nothing: 'Сейчас за приглашения ничего не дарим.',
    noLink: 'Ссылка появится через минуту: откройте это окно ещё раз.',
    code: 'QR-код приглашения',
    send: 'Отправить другу',
    copy: 'Скопировать ссылку',
    copied: 'Скопировано',
    share: (chainName: string) => `Карта «${chainName}»: копите баллы вместе со мной`,
    counts: { invited: 'Пришли', bought: 'Купили', waiting: 'Ждём', rewarded: 'Награждены' },
    brought: (total: number, month: number) =>
      `Вам за друзей: ${points(total)}, в этом месяце: ${points(month)}.`,
  },

  vouchers: {
    ...russianVoucherWords,
    title: 'Мои купоны',
    open: (count: number) => (count > 0 ? `Мои купоны: ${formatWhole(count)}` : 'Мои купоны'),
    empty: 'Сейчас купонов нет',
    emptyNext: 'Когда магазин подарит вам купон, он появится здесь.',
    frozen: russianVouchersFrozen,
    past: 'Использованные и истёкшие',
    show: 'Показать код',
    shrink: 'Закрыть QR-код',
    code: 'QR-код купона',
    number: 'Код купона',
    how: 'Покажите на кассе: сначала карту, потом купон.',
    noCode: 'Код показать не получилось. Напишите в поддержку: купон за вами.',
    where: (stores: string[]) =>
      stores.length === 1 ? `в магазине «${stores[0]}»` : `в магазинах: ${stores.join(', ')}`,
    usesLeft: (count: number) =>
      `можно использовать ${formatWhole(count)}\u00a0${plural(count, 'раз', 'раза', 'раз')}`,
    usedOn: (at: Instant) => `Использован ${formatDay(at, LOCALE)}`,
    state: (state: string) =>
      ({
        early: 'Ещё не начал действовать',
        held: 'Сейчас на кассе',
        used: 'Использован',
        over: 'Срок вышел',
        void: 'Магазин его отозвал',
      })[state] ?? 'Сейчас не действует',
  },

  history: {
    title: 'История',
    shown: (days: number) => `За последние ${daysOf(days)}`,
    today: 'Сегодня',
    yesterday: 'Вчера',
    day: (at: Instant, now: Instant) => {
      const days = -daysUntil(at, now)
      return days === 0 ? 'Сегодня' : days === 1 ? 'Вчера' : formatDay(at, LOCALE)
    },
    time: (at: Instant) => formatTime(at, LOCALE),
    kinds,
    otherKind: 'Операция',
    bought: (kopecks: number) => `на ${formatKopecks(kopecks, ',')}`,
    refunded: (kopecks: number) => `вернули ${formatKopecks(kopecks, ',')}`,
    award: ({ by, title, points: count, basisPoints }: HeardAward) => {
      const share = basisPoints === null ? '' : ` ${percent(basisPoints)}`
      const what =
        known(
          {
            cashback: `возврат${share}`,
            status: `статус «${title ?? ''}»${share}`,
            rule: title === null ? `акция${share}` : `«${title}»`,
            voucher: 'купон',
          },
          by,
        ) ?? 'подарок'
      return `${formatSigned(count)} ${what}`
    },
    from: (from: Instant) => `можно потратить с ${formatDay(from, LOCALE)}`,
    both: (spent: number, earned: number) =>
      `списано ${formatWhole(spent)}, начислено ${formatWhole(earned)}`,
    empty: 'Покупок пока нет',
    emptyNext: 'Покажите код на кассе: баллы за покупку появятся здесь сразу.',
    more: 'Показать ещё',
    end: 'Это все движения за это время',
  },

  expiry: {
    title: 'До какого дня живут баллы',
    explain: 'Баллы можно потратить по указанный день включительно.',
    inDays: (at: Instant, now: Instant) => {
      const days = daysUntil(at, now)
      if (days <= 0) return 'сегодня'
      return days === 1 ? 'завтра' : `через ${daysOf(days)}`
    },
    day: (at: Instant) => `по ${formatDay(at, LOCALE)} включительно`,
    month: (at: Instant) => formatMonth(at, LOCALE),
    empty: 'Сгорать нечему',
    emptyNext: 'Баллы появятся после первой покупки, и здесь будет видно, до какого дня их потратить.',
    days: 'Дни сгорания',
  },

  profile: {
    title: 'Профиль',
    card: (card: string) => `Карта ${card}`,
    noName: 'Покупатель',
    notifications: 'Сообщения бота',
    purchases: 'Покупки',
    purchasesExplain: 'Сколько начислено и списано',
    expiry: 'Сгорание баллов',
    expiryExplain: 'За 3 дня до срока',
    status: 'Статус',
    statusExplain: 'Когда он меняется, и что сделать, чтобы его сохранить',
    referrals: 'Приглашённые друзья',
    referralsExplain: 'Кто пришёл по вашей ссылке и какой за это подарок',
    vouchers: 'Купоны',
    vouchersExplain: 'Когда вам подарили купон',
    advertising: 'Акции и предложения',
    rules: 'Правила',
    cashback: (basisPoints: number) => ({
      value: percent(basisPoints),
      text: 'от оплаченного деньгами возвращается баллами',
    }),
    discount: (basisPoints: number) => ({ value: percent(basisPoints), text: 'чека можно оплатить баллами' }),
    lifetime: (days: number) => ({
      value: daysOf(days),
      text: 'живут баллы после покупки',
    }),
    worth: { value: '1\u00a0=\u00a01\u00a0₽', text: 'один балл — один рубль скидки' },
    proof: 'Списать баллы можно только по живому коду из этого окна: по номеру карты их никто не потратит.',
    support: (contact: string) => `Остался вопрос? Поддержка: ${contact}`,
    consent: 'Согласие на обработку данных',
    consentGiven: (at: Instant, version: string) => `Дано ${formatFullDay(at, LOCALE)}, редакция ${version}`,
    toHomeScreen: 'Карта на экран телефона',
    erase: 'Стереть мои данные',
  },

  erase: {
    title: 'Стереть ваши данные?',
    lost: (count: number) =>
      count > 0
        ? `Карта исчезнет навсегда, вместе с ней ${plural(count, 'пропадёт', 'пропадут', 'пропадут')} ${points(count)}.`
        : 'Карта исчезнет навсегда.',
    debt: (count: number) => `Долг ${points(count)} не исчезнет: заведёте карту снова — он перейдёт на неё.`,
    atOnce: 'Имя, номер в Telegram, язык и настройки удалим сразу.',
    later:
      'Имя на кассах исчезнет, когда они выйдут на связь, в резервных копиях — когда кончится срок их хранения. Если до того понадобится копия, ваши данные из неё сотрём снова.',
    stays:
      'Останутся суммы покупок без имени и запись о том, что согласие было дано и отозвано, по которой нельзя узнать чьё. Если вы получали приветственные баллы, пришли по приглашению или остались должны — ещё необратимый отпечаток номера в Telegram.',
    yes: 'Стереть навсегда',
    no: 'Оставить',
    done: 'Ваши данные стёрты',
    doneNext:
      'С касс имя исчезнет, когда они выйдут на связь. Вернуться можно в любой момент: заведём новую карту.',
    again: 'Завести новую карту',
  },

  welcome: {
    title: (chainName: string) => `Карта «${chainName}»`,
    lead: 'Баллы за каждую покупку: 1 балл = 1 ₽ скидки. Карта всегда в телефоне.',
    consent: 'Прежде чем начать',
    agree: 'Согласен, завести карту',
    advertising: 'Присылать акции и предложения',
    agreeing: 'Заводим карту…',
  },
}

export type Texts = typeof russian
