import type { CommandRefusal } from '../../../shared/bridge.ts'

const russianRefusals: Record<CommandRefusal, { what: string; next: string }> = {
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
  amount_out_of_range: {
    what: 'Чек на такую сумму программа не принимает.',
    next: 'Проверьте сумму; если она верна, закройте чек без баллов.',
  },
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

export const russian = {
  refusals: russianRefusals,
  refusalPoints: 'С баллами ничего не произошло.',
}

const englishRefusals: Record<CommandRefusal, { what: string; next: string }> = {
  malformed: { what: 'The register did not understand the input.', next: 'Check the fields and try again.' },
  busy: { what: 'The register is busy with the last operation.', next: 'Wait for its end and try again.' },
  not_enrolled: { what: 'The register is not enrolled.', next: 'Enrol it in the settings.' },
  product_code: {
    what: 'This is the barcode of a product: scan it into 1C.',
    next: 'The card of the customer is scanned here.',
  },
  not_a_voucher: {
    what: 'No voucher has such a code.',
    next: 'Compare the code with the voucher and type it again.',
  },
  no_voucher: { what: 'The voucher is not here any more.', next: 'Scan it again.' },
  item_above_purchase: { what: 'The goods cannot cost more than the receipt.', next: 'Check their price.' },
  not_a_card: {
    what: 'This is not a card of the programme.',
    next: 'Ask the customer to show the card of the programme.',
  },
  no_customer: { what: 'No customer is chosen.', next: 'Find the customer by the card.' },
  no_amount: { what: 'There is no amount any more.', next: 'Open a receipt in 1C or type the amount.' },
  amount_changed: { what: 'The amount has changed.', next: 'Check the new amount and tap again.' },
  card_frozen: { what: 'The card is frozen.', next: 'Finish the sale without points.' },
  amount_out_of_range: {
    what: 'The programme takes no purchase of this amount.',
    next: 'Check the amount; if it is right, finish the sale without points.',
  },
  amount_is_of_1c: { what: 'The amount came from 1C already.', next: 'Change the receipt in 1C.' },
  cannot_redeem: { what: 'So many points cannot be spent now.', next: 'Choose another number of points.' },
  not_refundable: { what: 'This operation cannot be undone.', next: 'Ask the administrator.' },
  more_than_paid: { what: 'So much was not paid for this purchase.', next: 'Check the sum of the return.' },
  late_return: { what: 'A late return takes the PIN.', next: 'Enter the PIN.' },
  late_return_no_pin: {
    what: 'A late return takes the PIN, and none is set.',
    next: 'Call the administrator to set a PIN.',
  },
  not_parked: { what: 'This operation is not in the list any more.', next: 'Nothing has to be done.' },
  cloud_away: {
    what: 'The cloud does not answer.',
    next: 'Check the network and the address and try again.',
  },
  pin_needed: {
    what: 'An amount like this is typed with the PIN.',
    next: 'Enter the PIN, or open the receipt in 1C.',
  },
  no_pin: {
    what: 'An amount like this is typed with the PIN, and none is set.',
    next: 'Open the receipt in 1C, or ask an administrator to set a PIN.',
  },
  wrong_pin: { what: 'The PIN is wrong.', next: 'Enter it again.' },
  too_many_attempts: { what: 'There were too many attempts.', next: 'Wait a minute and enter the PIN.' },
  wrong_code: { what: 'The pairing code is wrong.', next: 'Get a new one: a code lives for 15 minutes.' },
  not_a_cloud: { what: 'There is no Kopilka cloud at this address.', next: 'Check the address.' },
  no_updates: { what: 'This register does not update itself.', next: 'Update it by hand.' },
  folder_not_usable: { what: 'This folder cannot be used.', next: 'Check the path and the right to write.' },
  not_https: {
    what: 'This address is not encrypted: anybody in this network could read the key.',
    next: 'Type it with https, or, if the network is yours alone, have the register started with --insecure.',
  },
  not_written: {
    what: 'The register cannot write: its disk is full or read-only.',
    next: 'Make room on the disk and try again.',
  },
  failed: { what: 'The register could not do this.', next: 'Try again, then call the administrator.' },
}

export const english: typeof russian = {
  refusals: englishRefusals,
  refusalPoints: 'No points were touched.',
}
