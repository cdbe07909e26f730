import type {
  CommandRefusal,
  Earning,
  Failure,
  KnownFailureCode,
  NoRedemption,
  NotFoundReason,
  Notice,
} from '../../shared/bridge.ts'
import { formatKopecks, formatPercent, formatRubles, formatWhole } from '../../shared/numbers.ts'
import type { ProofProblem } from '../../shared/signedCode.ts'
import type { Instant } from '../../shared/time.ts'
import type { UpdateProblem } from '../../shared/update.ts'
import type { VoucherProblem } from '../../shared/voucherCode.ts'
import { plural } from '../../shared/words/plural.ts'
import { russianStatusWords } from '../../shared/words/status.ts'
import { russianWords } from '../../shared/words/words.ts'
import { formatDay, formatMoment, formatTime, formatUtcDay } from './dates.ts'
import { russianVoucher } from './texts/voucher.ts'

const LOCALE = 'ru-RU'

const { points, pointsWord } = russianWords
const operations: Record<string, string> = russianWords.operations
const rubles = (count: number) => formatRubles(count)
/** So many at most, where only the ledger can say how many. */
const upTo = (isSure: boolean) => (isSure ? '' : 'до ')
const pointsUpTo = (count: number, isSure: boolean) =>
  isSure ? points(count) : `до ${formatWhole(count)} ${plural(count, 'балла', 'баллов', 'баллов')}`
const money = (kopecks: number) => formatKopecks(kopecks, ',')
const untouched = 'С баллами ничего не произошло.'

/** What is known of a failure and belongs into its sentences. */
export interface FailureFacts {
  points: number
  available: number | null
  minKopecks: number | null
  maxKopecks: number | null
  /** The most points that a card holds. */
  maxBalance: number | null
  /** What 1C said about it. */
  error: string | null
  /** What is wrong with the code that was shown. */
  proof: ProofProblem | null
  /** Why the voucher that was shown is not good. */
  voucher: VoucherProblem | null
  /** Why two cards cannot become one. */
  merge: MergeReason | null
  /** Where a customer is helped with what the shop cannot do. */
  support: string | null
  /** It is not the card: nobody earns or spends. */
  isProgrammeFrozen: boolean
}

/** Why two cards stay two, in the words of the ledger. */
export const mergeReasons = ['both_in_telegram', 'none_in_telegram', 'open_hold'] as const
type MergeReason = (typeof mergeReasons)[number]

/** What happened, and what to do next; held points may need another advice. */
interface FailureTexts {
  what: (facts: FailureFacts) => string
  next: (facts: FailureFacts) => string
  nextWhenHeld?: string
}

const proofs: Record<ProofProblem, { what: string; next: string }> = {
  missing: {
    what: 'Для списания нужен код из Telegram',
    next: 'Попросите покупателя открыть карту в Telegram и показать её камере.',
  },
  altered: {
    what: 'Код повреждён или подделан',
    next: 'Попросите покупателя открыть карту в Telegram заново: копия кода не подходит.',
  },
  other_customer: {
    what: 'Это код другого покупателя',
    next: 'Попросите покупателя показать код из своего Telegram.',
  },
  too_old: {
    what: 'Код устарел',
    next: 'Попросите покупателя показать карту в Telegram ещё раз: она обновляется сама.',
  },
  used: {
    what: 'Этот код уже использован для списания',
    next: 'Попросите покупателя показать карту в Telegram ещё раз: скоро там появится новый код.',
  },
}

/** Of the cloud, or of the till itself. */
type VoucherMiss = VoucherProblem | 'cloud_away' | 'unreadable'

const vouchers: Record<VoucherMiss, { what: (facts: FailureFacts) => string; next: string }> = {
  cloud_away: {
    what: () => 'Нет связи с облаком: купон не проверить',
    next: 'Продолжите без купона или повторите, когда связь появится.',
  },
  unreadable: {
    what: () => 'Касса не знает таких купонов: она старее их',
    next: 'Продолжите без купона и попросите администратора обновить кассу.',
  },
  unknown: {
    what: () => 'Такого купона нет',
    next: 'Сверьте код с купоном и попробуйте ещё раз или продолжите без него.',
  },
  void: { what: () => 'Этот купон отменён', next: 'Продолжите без купона.' },
  other_customer: {
    what: () => 'Этот купон – другого покупателя',
    next: 'Продолжите без купона: он действует только с картой своего владельца.',
  },
  used: { what: () => 'Этот купон уже использован', next: 'Продолжите без купона.' },
  in_use: {
    what: () => 'Этот купон прямо сейчас списывают в другом чеке',
    next: 'Подождите минуту и попробуйте ещё раз или продолжите без купона.',
  },
  used_by_customer: {
    what: () => 'Покупатель уже использовал такой купон',
    next: 'Продолжите без купона.',
  },
  not_begun: { what: () => 'Купон ещё не действует', next: 'Продолжите без купона.' },
  over: { what: () => 'Срок купона истёк', next: 'Продолжите без купона.' },
  other_store: { what: () => 'Купон не для этого магазина', next: 'Продолжите без купона.' },
  below_min_purchase: {
    what: ({ minKopecks }) =>
      minKopecks === null ? 'Для купона чек слишком мал' : `Купон действует в чеке от ${money(minKopecks)}`,
    next: 'Продолжите без купона или добавьте покупок в чек.',
  },
  not_with_points: {
    what: () => 'Купон не действует вместе с баллами',
    next: 'Выберите одно: купон или баллы.',
  },
  no_product: {
    what: () => 'Товара по купону нет в чеке',
    next: 'Добавьте товар в чек в 1С или продолжите без купона.',
  },
  too_little: { what: () => 'На таком чеке купон ничего не даёт', next: 'Продолжите без купона.' },
}

const failures: Record<KnownFailureCode, FailureTexts> = {
  malformed: {
    what: () => 'Облако не поняло операцию',
    next: () => 'Сообщите администратору: это ошибка программы, покупатель ни при чём.',
  },
  id_reused: {
    what: () => 'Номер операции уже занят',
    next: () => 'Попробуйте ещё раз: касса возьмёт новый номер.',
  },
  not_your_operation: {
    what: () => 'Это операция другого магазина',
    next: () => 'Отменить её можно только там, где её провели.',
  },
  customer_not_found: {
    what: () => 'Такой карты нет',
    next: () => 'Проверьте номер карты и найдите покупателя ещё раз.',
  },
  customer_frozen: {
    what: ({ isProgrammeFrozen }) => (isProgrammeFrozen ? 'Программа приостановлена' : 'Карта заморожена'),
    next: ({ support, isProgrammeFrozen }) =>
      isProgrammeFrozen
        ? 'Закройте чек без баллов. С картой всё в порядке: баллы вернутся, когда программу возобновят.'
        : support === null
          ? 'Закройте чек без баллов: разморозить карту может только администратор программы.'
          : `Закройте чек без баллов, покупателю поможет поддержка: ${support.replace(/[.!?\s]+$/, '')}.`,
  },
  amount_out_of_range: {
    what: ({ maxBalance }) =>
      maxBalance === null ? 'Сумма чека не подходит' : 'На карту больше не помещается',
    next: ({ minKopecks, maxKopecks, maxBalance }) => {
      if (maxBalance !== null)
        return `Закройте чек без баллов: на карте их может быть не больше ${formatWhole(maxBalance)}. Сообщите администратору.`
      return minKopecks !== null && maxKopecks !== null
        ? `Проверьте сумму: программа принимает чеки от ${money(minKopecks)} до ${money(maxKopecks)}.`
        : 'Проверьте сумму чека и попробуйте ещё раз.'
    },
  },
  clock_out_of_range: {
    what: () => 'Часы этого компьютера сбиты',
    next: () => 'Проверьте дату и время в Windows и попробуйте ещё раз.',
  },
  proof_refused: {
    what: ({ proof }) => proofs[proof ?? 'altered'].what,
    next: ({ proof }) => proofs[proof ?? 'altered'].next,
  },
  duplicate_transaction: {
    what: () => 'Точно такая же покупка была только что',
    next: () => 'Если покупатель правда купил это ещё раз, подтвердите вторую покупку.',
  },
  original_not_found: {
    what: () => 'Облако не знает этой операции',
    next: () => 'Сообщите администратору: он сверит её с журналом кассы.',
  },
  already_resolved: {
    what: () => 'Эта операция уже завершена',
    next: () => 'Посмотрите последние операции: повторять ничего не нужно.',
  },
  over_refund: {
    what: () => 'Эту покупку уже отменили',
    next: () => 'Посмотрите последние операции: отменять второй раз не нужно.',
  },
  too_many_holds: {
    what: () => 'На этой кассе слишком много незавершённых списаний',
    next: () =>
      'Подождите минуту, пока касса закончит прежние, и попробуйте ещё раз, а если не поможет, позовите администратора.',
  },
  voucher_refused: {
    what: (facts) => vouchers[facts.voucher ?? 'unknown'].what(facts),
    next: ({ voucher }) => vouchers[voucher ?? 'unknown'].next,
  },
  over_discount_limit: {
    what: () => 'Скидка больше разрешённой',
    next: () => 'Выберите меньше баллов и попробуйте ещё раз.',
  },
  below_minimum: {
    what: () => 'Списать можно не меньше одного балла',
    next: () => 'Выберите хотя бы один балл или только начислите.',
  },
  in_debt: {
    what: () => 'За покупателем долг по баллам',
    next: () => 'Начислите баллы: они погасят долг, и списывать снова будет можно.',
  },
  insufficient_points: {
    what: ({ available }) =>
      available === null ? 'Баллов не хватает' : `Баллов не хватает: есть только ${formatWhole(available)}`,
    next: () => 'Вернитесь и выберите меньше баллов.',
  },
  cannot_merge: {
    what: ({ merge }) =>
      merge === 'both_in_telegram'
        ? 'Обе карты – в Telegram, у двух разных людей'
        : merge === 'none_in_telegram'
          ? 'Ни одной из этих карт нет в Telegram'
          : merge === 'open_hold'
            ? 'По карте ещё не закончено списание'
            : 'Эти карты нельзя объединить',
    next: ({ merge, support }) =>
      merge === 'open_hold'
        ? 'Закончите тот чек и покажите обе карты ещё раз.'
        : support === null
          ? 'Помочь может администратор программы.'
          : `Покупателю поможет поддержка: ${support.replace(/[.!?\s]+$/, '')}.`,
  },
  internal: {
    what: () => 'В облаке ошибка: неизвестно, выполнена ли операция',
    next: () => 'Передайте её администратору: он сверит её с облаком.',
  },
  unreadable: {
    what: () => 'Касса не понимает ответа облака: она старее его',
    next: () => 'Обновите кассу и повторите операцию.',
  },
  cloud_away: {
    what: () => 'Облако не ответило',
    next: () => 'Начислите баллы сейчас, это работает и без связи, или попробуйте списать ещё раз.',
    nextWhenHeld: 'Дождитесь связи: касса сама вернёт баллы.',
  },
  not_taken: {
    what: () => '1С не забрала скидку',
    next: () => 'Проверьте, что чек в 1С открыт, и попробуйте ещё раз.',
  },
  cancelled: {
    what: () => 'Списание отменено',
    next: () => 'Выберите другое число баллов или только начислите.',
  },
  sale_changed: {
    what: () => 'Чек в 1С изменился',
    next: () => 'Проверьте новую сумму и выберите ещё раз.',
  },
  refused_by_1c: {
    what: ({ error }) => (error ? `1С отказалась от скидки: ${error}` : '1С отказалась от скидки'),
    next: () => 'Исправьте чек в 1С и попробуйте ещё раз.',
  },
  not_confirmed: {
    what: () => '1С не подтвердила скидку',
    next: () => 'Посмотрите в чек: есть скидка – закрывайте его, нет – закрывайте без неё.',
  },
  folder_busy: {
    what: () => 'Файл скидки занят другой программой',
    next: () => 'Подождите несколько секунд и попробуйте ещё раз.',
    nextWhenHeld: 'Посмотрите в чек, есть ли там скидка: касса вернёт баллы, как только файл освободится.',
  },
  not_written: {
    what: () => 'Касса не может записать: диск переполнен или закрыт для записи',
    next: () =>
      'Проводите чек без баллов и позовите администратора: как место появится, касса продолжит сама.',
    nextWhenHeld:
      'Посмотрите в чек, есть ли там скидка, и позовите администратора: касса закончит сама, как место появится.',
  },
  failed: {
    what: () => 'Касса не смогла выполнить операцию',
    next: () => 'Попробуйте ещё раз, а если повторится, позовите администратора.',
  },
}

/** For a reason that is newer than this program: the cloud's own words, and who can do something about it. */
const newReason = {
  ...failures.failed,
  told: (message: string) => `Облако отказало: ${message.replace(/[.!?\s]+$/, '')}`,
  next: () => 'Закройте чек без баллов и покажите это сообщение администратору.',
  noRedemption: 'Списать сейчас нельзя: причину может назвать администратор.',
}

/** What became of the points. */
const fates: Record<
  Failure['fate'],
  Record<Failure['kind'], (points: number, hasVoucher?: boolean) => string>
> = {
  untouched: {
    earn: () => 'Баллы не начислены.',
    redeem: (_count, hasVoucher) =>
      `${hasVoucher ? 'Ни баллы, ни купон не списаны' : 'Баллы не списаны'}: у покупателя всё как было.`,
    refund: () => 'Баллы не изменились: покупка осталась как была.',
  },
  returned: {
    earn: () => 'Баллы возвращаются покупателю.',
    redeem(count, hasVoucher) {
      if (!hasVoucher)
        return `${points(count)} ${plural(count, 'возвращается', 'возвращаются', 'возвращаются')} покупателю: списания не было.`
      return count > 0
        ? `${points(count)} и купон возвращаются покупателю: списания не было.`
        : 'Купон снова свободен: скидки не было.'
    },
    refund: () => 'Баллы возвращаются как были.',
  },
  held: {
    earn: () => 'Баллы появятся, когда всё выяснится.',
    redeem(count, hasVoucher) {
      if (!hasVoucher)
        return `${points(count)} пока ${plural(count, 'удержан', 'удержаны', 'удержаны')}: касса выясняет, прошла ли скидка.`
      return count > 0
        ? `${points(count)} и купон пока удержаны: касса выясняет, прошла ли скидка.`
        : 'Купон пока занят: касса выясняет, прошла ли скидка.'
    },
    refund: () => 'Баллы изменятся, когда всё выяснится.',
  },
}

const refusals: Record<CommandRefusal, { what: string; next: string }> = {
  malformed: { what: 'Касса не поняла введённое.', next: 'Проверьте поля и повторите.' },
  busy: { what: 'Касса занята предыдущей операцией.', next: 'Дождитесь её конца и повторите.' },
  not_enrolled: { what: 'Касса не подключена к облаку.', next: 'Подключите её в настройках.' },
  product_code: {
    what: 'Это штрихкод товара: сканируйте его в 1С.',
    next: 'Карту покупателя сканируйте здесь.',
  },
  not_a_voucher: { what: 'Такого кода купона не бывает.', next: 'Сверьте код с купоном и наберите ещё раз.' },
  no_voucher: { what: 'Купона здесь уже нет.', next: 'Отсканируйте его ещё раз.' },
  item_above_purchase: { what: 'Товар не может стоить больше чека.', next: 'Проверьте цену товара.' },
  not_a_card: { what: 'Это не карта программы.', next: 'Попросите покупателя показать карту программы.' },
  no_customer: { what: 'Покупатель не выбран.', next: 'Найдите покупателя по карте.' },
  no_amount: { what: 'Суммы чека уже нет.', next: 'Откройте чек в 1С или введите сумму.' },
  amount_changed: { what: 'Сумма чека изменилась.', next: 'Проверьте новую сумму и нажмите ещё раз.' },
  card_frozen: { what: 'Карта заморожена.', next: 'Закройте чек без баллов.' },
  amount_is_of_1c: { what: 'Сумма уже пришла из 1С.', next: 'Измените чек в 1С.' },
  cannot_redeem: { what: 'Столько списать уже нельзя.', next: 'Выберите другое число баллов.' },
  not_refundable: { what: 'Эту операцию отменить нельзя.', next: 'Обратитесь к администратору.' },
  more_than_paid: { what: 'Столько за эту покупку не платили.', next: 'Проверьте сумму возврата.' },
  late_return: { what: 'Поздний возврат проводят с ПИН-кодом.', next: 'Введите ПИН-код.' },
  late_return_no_pin: {
    what: 'Поздний возврат проводят с ПИН-кодом, а он не задан.',
    next: 'Позовите администратора задать ПИН-код.',
  },
  not_parked: { what: 'Этой операции уже нет в списке.', next: 'Ничего делать не нужно.' },
  cloud_away: { what: 'Облако не отвечает.', next: 'Проверьте интернет и адрес облака и повторите.' },
  pin_needed: {
    what: 'Такую сумму вручную вводят с ПИН-кодом.',
    next: 'Введите ПИН-код или откройте чек в 1С.',
  },
  no_pin: {
    what: 'Такую сумму вручную вводят с ПИН-кодом, а он не задан.',
    next: 'Откройте чек в 1С или позовите администратора задать ПИН-код.',
  },
  wrong_pin: { what: 'ПИН-код не подходит.', next: 'Введите его ещё раз.' },
  too_many_attempts: { what: 'Слишком много попыток.', next: 'Подождите минуту и введите ПИН-код.' },
  wrong_code: { what: 'Код подключения не подходит.', next: 'Возьмите новый: код действует 15 минут.' },
  not_a_cloud: { what: 'По этому адресу не облако Копилки.', next: 'Проверьте адрес.' },
  no_updates: { what: 'Эта касса не обновляется сама.', next: 'Обновите её вручную.' },
  folder_not_usable: { what: 'С этой папкой работать нельзя.', next: 'Проверьте путь и права на запись.' },
  not_https: {
    what: 'Этот адрес без шифрования: ключ кассы увидит любой в этой сети.',
    next: 'Введите адрес с https или, если сеть только ваша, позовите администратора запустить кассу с --insecure.',
  },
  not_written: {
    what: 'Касса не может записать: диск переполнен или закрыт для записи.',
    next: 'Освободите место на диске и повторите.',
  },
  failed: { what: 'Касса не смогла это сделать.', next: 'Повторите, а потом позовите администратора.' },
}

const noRedemption: Record<NoRedemption, string> = {
  cloud_away: 'Нет связи с облаком: списать можно будет, когда она появится.',
  balance_not_current: 'Баланс ещё не подтверждён облаком.',
  amount_not_of_1c: 'Сумма введена вручную, а скидку можно дать только чеку из 1С.',
  exchange_away: 'Нет связи с 1С: скидку некуда передать.',
  exchange_unwritable: 'Папка обмена закрыта для записи: скидку 1С не передать.',
  discount_not_settled: 'Касса выясняет, забрала ли 1С прошлую скидку.',
  card_frozen: 'Карта заморожена: баллы нельзя ни начислить, ни списать.',
  in_debt: 'За покупателем долг: сначала его погасят новые начисления.',
  no_points: 'У покупателя пока нет баллов.',
  purchase_too_small: 'Чек слишком маленький для скидки.',
  code_needed: 'Для списания нужен код из Telegram: попросите покупателя открыть карту.',
}

const notices: Record<Notice['code'], (text: string) => string> = {
  journal_set_aside: (file) =>
    `Журнал кассы был повреждён и отложен: ${file}. Сохраните этот файл и сообщите администратору.`,
  version_failed: (version) =>
    `Версия ${version} три раза не смогла начать работу и больше не ставится. Сообщите администратору.`,
  disk_failing: (code) =>
    `Диск кассы переполнен или закрыт для записи (${code}). Баллы целы, но новые операции касса не примет. Освободите место: касса продолжит сама.`,
  cloud_not_https: (url) =>
    `Адрес облака без шифрования: ${url}. Начисления ждут в кассе, баллы целы. Администратор: подключите кассу по https:// или запустите её один раз с --insecure.`,
  items_ignored: (problem) =>
    `1С передаёт товары чека, но касса их не учитывает: ${problem === 'not_the_amount' ? 'их сумма не равна сумме чека' : problem === 'too_many' ? 'в чеке больше 300 строк' : 'их не удалось прочитать'}. Баллы за чек начисляются, акции на товары не действуют. Сообщите администратору.`,
  orphan_removed: (file) => `Касса убрала ${file}: эта скидка не относилась ни к одному чеку.`,
}

const updateProblems: Record<UpdateProblem, string> = {
  away: 'Облако не отдало обновление: касса спросит ещё раз сама.',
  not_verified: 'Скачанное обновление не прошло проверку подлинности: касса его не поставит.',
  failed_starts: 'Эта версия три раза не смогла начать работу: касса её больше не ставит.',
  failed_installs: 'Установка не удалась: касса работает на прежней версии.',
}

/** By the codes of the register's exchange; another code is a system error and is shown as it is. */
const exchangeProblems: Record<string, string> = {
  too_large: 'amount.json слишком большой: это другой файл?',
  empty: 'amount.json пустой: 1С не дописала файл?',
  not_text: 'amount.json не читается как текст: файл повреждён?',
  not_json: 'В amount.json не JSON: проверьте, как 1С пишет файл.',
  no_amount: 'В amount.json нет суммы amount.',
  amount_negative: 'В amount.json отрицательная сумма.',
  amount_invalid: 'Сумма в amount.json не похожа на деньги.',
  held: 'amount.json занят другой программой: антивирус?',
  unreadable: 'amount.json не открывается: проверьте диск и права.',
  never_still: 'amount.json всё время меняется: кто его пишет?',
  ENOENT: 'Папки обмена нет: проверьте путь в настройках.',
  EACCES: 'Нет доступа к папке обмена.',
  EPERM: 'Нет доступа к папке обмена.',
  ETIMEDOUT: 'Папка обмена не отвечает: сетевой диск отключён?',
}

/** Every word of the screen. Its English twin has the same keys, by type. */
export const russian = {
  locale: LOCALE,
  decimal: ',',
  points,
  rubles,
  money,
  pointsWord,
  moment: (at: Instant, now: Instant) => formatMoment(at, now, LOCALE),
  time: (at: Instant) => formatTime(at, LOCALE),
  age(ms: number): string {
    const minutes = Math.floor(ms / 60_000)
    if (minutes < 1) return 'меньше минуты'
    if (minutes < 60) return `${minutes} мин`
    const hours = Math.floor(minutes / 60)
    return hours < 24 ? `${hours} ч` : `${Math.floor(hours / 24)} дн`
  },

  failures,
  newReason,
  fates,
  vouchers,
  voucher: russianVoucher,
  refusals,
  refusalPoints: untouched,
  noRedemption,
  programmeFrozen: 'Сейчас баллы не начисляются и не списываются ни по одной карте.',
  notices,
  exchangeProblems,
  updateProblems,
  exchangeProblem: (code: string) => `Папка обмена не работает: ${code}.`,

  common: {
    cancel: 'Отмена',
    close: 'Закрыть',
    done: 'Готово',
    understood: 'Понятно',
    clear: 'Стереть',
    backspace: 'Стереть последнюю цифру',
    comma: 'Запятая',
    save: 'Сохранить',
    saved: 'Сохранено',
    hide: 'Скрыть',
    yes: 'Да',
    no: 'Нет',
  },

  start: {
    connecting: 'Касса запускается…',
    restarting: 'Касса перезапускается…',
    restartingHint: 'Это займёт несколько секунд. Записанное не пропадёт.',
    restartingLong: 'Если это длится дольше минуты, закройте окно и откройте кассу заново.',
  },

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

  update: {
    short: { ready: 'Обновим ночью', installing: 'Обновляемся…' },
    state: 'Обновление',
    none: 'Установлена последняя версия, которую дало облако.',
    checking: 'Спрашиваем облако…',
    downloading: (version: string, percent: number) =>
      `Скачиваем версию ${version}: ${formatWhole(percent)} %`,
    ready: (version: string) => `Версия ${version} готова, установим ночью.`,
    installing: (version: string) => `Ставим версию ${version}: касса перезапустится сама.`,
    failed: (version: string) => `Версия ${version} не установлена.`,
    notFound: 'Узнать о новой версии не удалось.',
    now: 'Обновить сейчас',
    asked: 'Касса обновится, как только освободится.',
  },

  idle: {
    title: 'Найти покупателя',
    showQr: 'Покажите QR-код карты',
    card: 'Номер карты',
    cardHint: 'Покажите QR-код или наберите номер',
    searching: (code: string) => `Ищем ${code}…`,
    notFound: {
      not_a_card: () => 'Это не карта программы: проверьте код.',
      customer_not_found: (code: string) => `Карты ${code} нет: проверьте номер.`,
      code_altered: () => 'Код повреждён или подделан: попросите покупателя открыть карту в Telegram заново.',
      code_too_old: () =>
        'Код устарел: попросите покупателя показать карту в Telegram ещё раз, она обновляется сама.',
      cloud_away: () => 'Облако недоступно: касса не подключена.',
    } satisfies Record<Exclude<NotFoundReason, 'refused'>, (code: string) => string>,
    revoked:
      'Касса отозвана: имена покупателей с неё стёрты. Начисления копятся в очереди, списывать нельзя.',
    unauthorised: 'Облако не узнаёт ключ кассы. Начисления копятся в очереди, списывать нельзя.',
    enrolNext: 'Администратор: получите новый код подключения и введите его в настройках.',
    enrolAgain: 'Подключить заново',
  },

  amount: {
    from1c: 'Чек из 1С',
    typed: 'Сумма введена вручную',
    waiting: 'Ждём чек из 1С',
    changed: 'Сумма изменилась',
    receipt: (receipt: string) => `№ ${receipt}`,
    title: 'Сумма чека',
    orType: 'Откройте чек в 1С или введите сумму вручную',
    typeOnly: '1С не видна: введите сумму вручную',
    earnOnly: 'По введённой сумме баллы можно только начислить.',
    confirm: 'Дальше',
    edit: 'Изменить',
    tooLarge: (most: string) => `Не больше ${most}`,
    needsPin: (limit: string) => `Больше ${limit} вручную – только с ПИН-кодом. Проверьте сумму.`,
    pinAsk: (sum: string) => `Сумма ${sum}: введите ПИН-код`,
  },

  firstSale: {
    title: 'До первой продажи',
    cloud: 'Облако отвечает',
    folder: 'Папка обмена найдена',
    oneC: '1С записала в неё чек',
    receipt: 'Пробный чек проведён с картой',
    done: ' – готово',
    notYet: ' – ещё нет',
  },

  recent: {
    title: 'Последние операции',
    folded: 'Имена и суммы скрыты от покупателей.',
    undo: 'Отменить',
    undoOf: (who: string, sum: string) => `Отменить: ${who}, ${sum}`,
    states: {
      done: 'Принято',
      waiting: 'В очереди',
      open: 'Ждём 1С',
      parked: 'Ждёт человека',
      handed_over: 'Передано',
    },
    refunds: {
      done: 'Отменена',
      waiting: 'Отмена в очереди',
      parked: 'Отмена ждёт человека',
      handed_over: 'Отмена передана',
    },
    partRefunds: {
      done: 'Часть возвращена',
      waiting: 'Возврат части в очереди',
      parked: 'Возврат части ждёт человека',
      handed_over: 'Возврат части передан',
    },
    card: (card: string) => `Карта ${card}`,
    confirmTitle: 'Отменить эту покупку?',
    confirmSpent: (count: number) => `Вернутся ${points(count)}, которые списали.`,
    confirmEarned: (count: number) => `Снимутся ${points(count)}, которые начислили.`,
    confirmMoney: 'Деньги верните через 1С: касса меняет только баллы.',
    confirm: 'Да, отменить',
    keep: 'Оставить как есть',
  },

  returns: {
    open: 'Возврат',
    title: 'Возврат',
    by: 'Как найти покупку',
    ways: { receipt: 'По чеку', card: 'По карте', day: 'По дню' },
    receipt: 'Номер чека',
    receiptHint: 'Хватит последних трёх цифр. Штрихкод чека можно отсканировать.',
    card: 'Карта',
    cardHint: 'Введите номер или отсканируйте карту.',
    day: 'День покупки',
    today: 'Сегодня',
    yesterday: 'Вчера',
    daysAgo: (at: Instant) => formatDay(at, LOCALE),
    earlier: 'На день раньше',
    later: 'На день позже',
    find: 'Найти',
    searching: 'Ищем…',
    nothing: 'Таких покупок нет. Проверьте номер или найдите покупку по карте или дню.',
    registerOnly: 'Облако не отвечает: показаны покупки только этой кассы. Возврат встанет в очередь.',
    more: 'Показаны последние: уточните поиск.',
    receiptOf: (receipt: string) => `чек ${receipt}`,
    thisTill: 'эта касса',
    choose: 'Выбрать',
    chooseOf: (who: string, sum: string) => `Выбрать: ${who}, ${sum}`,
    allReturned: 'Возвращено',
    partReturned: (sum: string) => `возвращено ${sum}`,
    what: 'Что возвращают',
    whole: (sum: string) => `Всё, ${sum}`,
    rest: (sum: string) => `Остаток, ${sum}`,
    part: 'Часть суммы',
    sum: 'Сумма возврата',
    sumHint: (most: string) => `Сколько денег отдаёте: до ${most}`,
    money: 'Деньгами, через 1С',
    givenBack: 'Вернётся на карту',
    taken: 'Снимется с карты',
    takenUnknown: 'посчитает облако',
    debtHint: 'Если баллы уже потрачены, покупатель останется должен: долг погасят новые начисления.',
    late: (days: number) =>
      `Покупке больше ${formatWhole(days)} ${plural(days, 'дня', 'дней', 'дней')}: возврат с ПИН-кодом администратора.`,
    pinAsk: 'Поздний возврат: введите ПИН-код',
    confirm: 'Вернуть',
    back: 'К списку',
  },

  status: {
    missing: russianStatusWords.missing,
    reaches: (title: string) => `с этой покупкой — ${title}`,
  },

  customer: {
    unknown: 'Покупатель',
    card: (card: string) => `Карта ${card}`,
    available: (count: number) => `${pointsWord(count)} можно потратить`,
    availableAsOf: (count: number, moment: string) => `${pointsWord(count)} на ${moment}`,
    balanceUnknown: 'Баланс узнаем, когда появится связь',
    expires: (count: number, lastDay: Instant) =>
      `${points(count)} можно потратить по ${formatUtcDay(lastDay, LOCALE)} включительно`,
    debt: (count: number) => `Долг ${points(count)}: его погасят новые начисления`,
    replaced: (old: string, card: string) => `Карта ${old} заменена: баллы и покупки теперь на карте ${card}`,
    other: 'Другой покупатель',
  },

  join: {
    open: 'Открыть карту',
    door: 'Новая карта',
    title: 'Новая карта',
    code: 'Код, по которому покупатель получает карту',
    how: 'Покупатель наводит на код камеру телефона и соглашается на участие. Карта останется в телефоне.',
    next: 'Как только он согласится, карта появится здесь.',
    offline: 'Связи с облаком нет: карту покупатель получит, но здесь она появится, когда связь вернётся.',
    joined: (name: string | null, card: string) =>
      name === null ? `Выдана новая карта ${card}` : `${name}: выдана новая карта ${card}`,
  },

  merge: {
    question: 'Это один человек?',
    explained: (card: string, otherCard: string) =>
      `Баллы и покупки карты ${otherCard} перейдут на карту ${card} в телефоне. Старый номер будет работать.`,
    yes: 'Да, объединить',
    no: 'Нет',
    asked: 'Объединяем карты…',
    queued: 'Объединим карты, когда появится связь',
    done: (otherCard: string) => `Карты объединены: по номеру ${otherCard} теперь находится эта`,
  },

  ready: {
    redeem: (count: number) => `Списать ${rubles(count)}`,
    earn: (count: number, isSure: boolean) => `Начислить ${upTo(isSure)}${formatWhole(count)}`,
    parts: (parts: Earning['parts'], more: Earning['more']) =>
      [
        ...parts.map(({ title, points }) =>
          title === null ? formatWhole(points) : `«${title}» ${formatWhole(points)}`,
        ),
        ...(more
          ? [
              `ещё ${formatWhole(more.rules)} ${plural(more.rules, 'правило', 'правила', 'правил')}: ${formatWhole(more.points)}`,
            ]
          : []),
      ].join(' + '),
    earnNothing: 'Провести без баллов',
    cannotRedeem: 'Списать нельзя',
    toPay: (kopecks: number) => `К оплате ${money(kopecks)}`,
    comesBack: (count: number, isSure: boolean) =>
      `${plural(count, 'вернётся', 'вернутся', 'вернутся')} ${pointsUpTo(count, isSure)}`,
    remains: (count: number, isSure: boolean) => `останется ${upTo(isSure)}${formatWhole(count)}`,
    becomes: (count: number, isSure: boolean) => `станет ${pointsUpTo(count, isSure)}`,
    less: 'Меньше:',
    all: (count: number) => `${formatWhole(count)} – всё`,
    share: (count: number, basisPoints: number) =>
      `${formatWhole(count)} – максимум, ${formatPercent(basisPoints, ',')} % чека`,
    atMost: (count: number) => `${formatWhole(count)} – максимум`,
    own: 'Своё…',
    ownTitle: 'Сколько баллов списать?',
    most: (count: number) => `Можно до ${formatWhole(count)}`,
    oneLess: 'На один меньше',
    oneMore: 'На один больше',
  },

  processing: {
    asking: { earn: 'Начисляем…', redeem: 'Удерживаем баллы…', refund: 'Отменяем…' },
    askingVoucher: 'Проводим купон…',
    askingHint: 'Ждём ответа облака.',
    offered: 'Ждём 1С…',
    offeredHint: (count: number) => `Скидка ${rubles(count)} передана. Не закрывайте чек.`,
    confirming: 'Ждём подтверждения 1С…',
    confirmingHint: '1С забрала скидку и записывает её в чек.',
    withdrawing: 'Забираем скидку назад…',
    withdrawingHint: 'Ещё мгновение: касса выясняет, успела ли 1С.',
    secondsLeft: (count: number) => `${formatWhole(count)} ${plural(count, 'секунда', 'секунды', 'секунд')}`,
  },

  success: {
    redeem: (count: number) => `Скидка ${rubles(count)} в чеке`,
    earn: (count: number) => `${plural(count, 'Начислен', 'Начислены', 'Начислено')} ${points(count)}`,
    earnNothing: 'Покупка записана',
    earnQueued: 'Начислим, когда появится связь',
    refund: 'Покупка отменена',
    refundQueued: 'Отменим, когда появится связь',
    returned: 'Часть покупки возвращена',
    returnQueued: 'Вернём, когда появится связь',
    returnedMoney: 'Возвращено деньгами',
    givenBack: 'Вернулось баллов',
    taken: 'Снято баллов',
    queuedHint: 'Операция сохранена в кассе и не потеряется.',
    toPay: 'К оплате',
    voucher: 'Купон',
    voucherTaken: 'Купон принят',
    voucherAfter: {
      asked: 'проверяем…',
      usable: 'снова действует',
      gone: 'больше не действует',
      unknown: 'узнаем позже',
    },
    purchase: 'Сумма покупки',
    spent: 'Списано',
    earned: 'Начислено',
    willEarn: 'Будет начислено',
    upTo: (count: number) => pointsUpTo(count, false),
    repaid: 'Погашен долг',
    debtLeft: 'Осталось долга',
    repaidAll: (count: number) => `Погашен долг: ${points(count)}`,
    balance: (name: string | null) => (name ? `Теперь на карте · ${name}` : 'Теперь на карте'),
    balanceLater: 'узнаем позже',
    next: 'Следующий',
  },

  error: {
    retry: 'Ещё раз',
    secondPurchase: 'Да, вторая покупка',
    earnOnly: 'Только начислить',
    choose: 'Выбрать баллы',
    toSale: 'К чеку',
  },

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
    kind: (kind: string) => operations[kind] ?? kind,
    retry: 'Повторить',
    handOver: 'Передать администратору',
    noticesTitle: 'Сообщения кассы',
  },

  enrol: {
    title: 'Подключите кассу',
    subtitle: 'Это делается один раз. Код подключения выдаёт администратор, код действует 15 минут.',
    cloudUrl: 'Адрес облака',
    cloudUrlHint: 'Например: loyalty.example.ru',
    noAddress: 'Введите адрес облака, например loyalty.example.ru.',
    noCode: 'Введите код подключения: 8 букв и цифр, их выдаёт администратор.',
    noFolder: 'Введите папку, в которую пишет 1С.',
    name: 'Название кассы',
    nameHint: 'Например: Касса 1. Если пусто, возьмём имя этого компьютера.',
    code: 'Код подключения',
    codeHint: '8 букв и цифр',
    folder: 'Папка обмена с 1С',
    folderHint: 'В неё 1С пишет amount.json',
    test: 'Проверить',
    testing: 'Проверяем…',
    testOk: 'Папка работает: запись, чтение и удаление прошли.',
    submit: 'Подключить',
    submitting: 'Подключаем…',
    done: (store: string, register: string) => `Касса подключена: ${store} · ${register}`,
    nowEnrolled: (url: string) => `Сейчас подключена к ${url}.`,
  },

  settings: {
    title: 'Настройки',
    pin: 'ПИН-код',
    pinAsk: 'Введите ПИН-код администратора',
    pinOpen: 'Открыть',
    noPin: 'ПИН-код не задан: настройки может открыть любой. Задайте его в разделе «Доступ».',
    sections: {
      connection: 'Подключение',
      exchange: 'Обмен с 1С',
      scanners: 'Камера и сканер',
      appearance: 'Вид и звук',
      display: 'Экран покупателя',
      access: 'Доступ',
      diagnostics: 'Диагностика',
    },
    camera: 'Камера',
    cameraOff: 'Не использовать',
    cameraDefault: 'Выбрать автоматически',
    cameraUnnamed: (number: number) => `Камера ${formatWhole(number)}`,
    cameraKept: 'Выбор запоминается на этом компьютере.',
    scannerTest: 'Проверка сканера',
    scannerTestHint: 'Отсканируйте любую карту сканером или камерой: код появится здесь.',
    scanned: (code: string) => `Прочитано: ${code}`,
    language: 'Язык',
    languages: { ru: 'Русский', en: 'English' },
    theme: 'Оформление',
    themes: { light: 'Светлое', dark: 'Тёмное', system: 'Как в Windows' },
    sound: 'Звук',
    motion: 'Движение на экране',
    recent: 'Последние операции',
    recents: { folded: 'Свёрнуты', open: 'Открыты' },
    display: 'Где покупатель видит свои баллы',
    displays: { off: 'Нигде', monitor: 'Второй монитор', network: 'Планшет в сети' },
    displayHint:
      'Покупатель видит имя, баллы, сумму к оплате и что пришло. Номера карты, телефона и чужих покупок там нет.',
    displayLink: 'Откройте эту ссылку на экране покупателя. По ней можно только смотреть.',
    displayCode: 'Код со ссылкой на экран покупателя',
    displayFailed: (code: string) =>
      code === 'EADDRINUSE'
        ? 'Этот порт занят другой программой: выберите другой.'
        : `Экран покупателя не открылся: ${code}. Касса работает без него.`,
    noNetwork: 'Компьютер не в сети: подключите его к сети магазина.',
    port: 'Порт',
    portHint: 'Планшет и касса – в одной сети магазина. Windows спросит разрешение один раз.',
    notAPort: 'Порт – число от 1 до 65535.',
    brand: 'Название программы',
    colour: 'Цвет программы',
    notAColour: 'Цвет – это # и шесть цифр или букв от a до f.',
    newPin: 'Новый ПИН-код',
    newPinHint: 'От 4 до 8 цифр',
    pinAgain: 'Ещё раз',
    notAPin: 'ПИН-код – от 4 до 8 цифр.',
    pinsDiffer: 'ПИН-коды не совпадают: введите один и тот же дважды.',
    setPin: 'Задать ПИН-код',
    changePin: 'Сменить ПИН-код',
    pinChanged: 'ПИН-код сохранён.',
    version: 'Версия',
    register: 'Касса',
    clock: 'Поправка часов',
    clockValue: (seconds: number) => `${formatWhole(seconds)} с`,
    clockUnknown: 'ещё не измерена',
    writeDiagnostics: 'Записать файл диагностики',
    diagnosticsWritten: (path: string) => `Файл записан: ${path}`,
  },

  camera: {
    starting: 'Включаем камеру…',
    off: 'Камера выключена в настройках',
    denied: 'Windows не даёт доступ к камере: проверьте разрешения.',
    missing: 'Камера не найдена. Введите номер или возьмите сканер.',
    unplugged: 'Камеру отключили: проверьте провод.',
    busy: 'Камера занята другой программой: закройте её.',
    failed: 'Камера не работает. Введите номер или возьмите сканер.',
    preview: 'Изображение с камеры',
    nextCustomer: 'Следующий может показать карту',
    showCode: 'Покажите код из Telegram',
  },
}

export type Texts = typeof russian
