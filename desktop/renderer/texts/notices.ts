import type { Notice } from '../../../shared/bridge.ts'

const russianNotices: Record<Notice['code'], (text: string) => string> = {
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

/** By the codes of the register's exchange; another code is a system error and is shown as it is. */
const russianExchangeProblems: Record<string, string> = {
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

export const russian = {
  notices: russianNotices,
  exchangeProblems: russianExchangeProblems,
  exchangeProblem: (code: string) => `Папка обмена не работает: ${code}.`,
}

const englishNotices: Record<Notice['code'], (text: string) => string> = {
  journal_set_aside: (file) =>
    `The journal was damaged and set aside: ${file}. Keep this file and tell the administrator.`,
  version_failed: (version) =>
    `Version ${version} could not start three times and is not installed any more. Tell the administrator.`,
  disk_failing: (code) =>
    `The disk of this register is full or read-only (${code}). Points are safe, but no new operation is taken. Make room: the register goes on by itself.`,
  cloud_not_https: (url) =>
    `The address of the cloud is not encrypted: ${url}. Earnings wait here, points are safe. Administrator: enrol with https://, or start the register once with --insecure.`,
  items_ignored: (problem) =>
    `1C sends what was bought, and the register leaves it out: ${problem === 'not_the_amount' ? 'it does not add up to the amount' : problem === 'too_many' ? 'there are more than 300 lines' : 'it could not be read'}. Purchases earn points, but not those for certain goods. Tell the administrator.`,
  orphan_removed: (file) => `The register removed ${file}: this discount belonged to no receipt.`,
}

const englishExchangeProblems: Record<string, string> = {
  too_large: 'amount.json is too large: is it another file?',
  empty: 'amount.json is empty: did 1C stop writing it?',
  not_text: 'amount.json is no text: is the file damaged?',
  not_json: 'amount.json is not JSON: check how 1C writes it.',
  no_amount: 'amount.json has no amount.',
  amount_negative: 'The amount in amount.json is negative.',
  amount_invalid: 'The amount in amount.json is not money.',
  held: 'Another program holds amount.json: an antivirus?',
  unreadable: 'amount.json cannot be opened: check the disk and the rights.',
  never_still: 'amount.json never stops changing: who writes it?',
  ENOENT: 'The exchange folder does not exist: check the path in the settings.',
  EACCES: 'There is no access to the exchange folder.',
  EPERM: 'There is no access to the exchange folder.',
  ETIMEDOUT: 'The exchange folder does not answer: is the share connected?',
}

export const english: typeof russian = {
  notices: englishNotices,
  exchangeProblems: englishExchangeProblems,
  exchangeProblem: (code) => `The exchange folder does not work: ${code}.`,
}
