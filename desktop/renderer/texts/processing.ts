import { formatRubles, formatWhole } from '../../../shared/numbers.ts'
import { plural } from '../../../shared/words/plural.ts'

export const russian = {
  processing: {
    asking: { earn: 'Начисляем…', redeem: 'Удерживаем баллы…', refund: 'Отменяем…' },
    askingVoucher: 'Проводим купон…',
    askingHint: 'Ждём ответа облака.',
    offered: 'Ждём 1С…',
    offeredHint: (count: number) => `Скидка ${formatRubles(count)} передана. Не закрывайте чек.`,
    confirming: 'Ждём подтверждения 1С…',
    confirmingHint: '1С забрала скидку и записывает её в чек.',
    withdrawing: 'Забираем скидку назад…',
    withdrawingHint: 'Ещё мгновение: касса выясняет, успела ли 1С.',
    secondsLeft: (count: number) => `${formatWhole(count)} ${plural(count, 'секунда', 'секунды', 'секунд')}`,
  },
}

export const english: typeof russian = {
  processing: {
    asking: { earn: 'Earning…', redeem: 'Holding the points…', refund: 'Undoing…' },
    askingVoucher: 'Using the voucher…',
    askingHint: 'Waiting for the cloud.',
    offered: 'Waiting for 1C…',
    offeredHint: (count) => `The discount of ${formatRubles(count)} was handed over. Keep the receipt open.`,
    confirming: 'Waiting for the word of 1C…',
    confirmingHint: '1C took the discount and is writing it into the receipt.',
    withdrawing: 'Taking the discount back…',
    withdrawingHint: 'One moment: the register finds out whether 1C was faster.',
    secondsLeft: (count) => `${formatWhole(count)} ${plural(count, 'second', 'seconds')}`,
  },
}
