import { z } from 'zod'
import { createSimulator, type SimulatorEvent } from '../../desktop/register/exchange/simulator.ts'
import { systemClock } from '../../desktop/register/time/clock.ts'

/** How long the demo's 1C lets a discount lie before it takes it by itself: long enough to be watched. */
const TAKES_AFTER_MS = 1500

export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('new_receipt'), kopecks: z.int().min(1).max(100_000_000) }),
  z.strictObject({ action: z.literal('take') }),
  z.strictObject({ action: z.literal('end') }),
  z.strictObject({ action: z.literal('take_by_itself'), isOn: z.boolean() }),
])
export type Action = z.infer<typeof actionSchema>

/** What the page shows of this 1C. */
interface TillView {
  receipt: { number: string; kopecks: number; discountPoints: number } | null
  hasOffer: boolean
  takesByItself: boolean
  log: string[]
}

const LOG_LINES = 50

/** The simulator as a person uses it: receipts by hand, discounts by hand or after a moment. */
export function openTill(folder: string, onChange: () => void) {
  const view: TillView = { receipt: null, hasOffer: false, takesByItself: true, log: [] }
  let receipts = 0
  const simulator = createSimulator({
    folder,
    clock: systemClock,
    behaviour: { kind: 'never' },
    program: 'kopilka.bsl',
    hasVouchers: true,
    random: Math.random,
    onEvent: hear,
  })

  function say(text: string): void {
    const time = new Date().toLocaleTimeString('ru-RU')
    view.log = [`${time}  ${text}`, ...view.log].slice(0, LOG_LINES)
    onChange()
  }

  function hear(event: SimulatorEvent): void {
    switch (event.kind) {
      case 'appeared':
        view.hasOffer = true
        say('Касса передала скидку: в папке лежит discount.txt')
        if (view.takesByItself)
          systemClock.after(TAKES_AFTER_MS, () => void simulator.takeNow().catch(complain))
        break
      case 'taken':
        view.hasOffer = false
        if (view.receipt) view.receipt.discountPoints = event.taken.points
        say(`Скидка ${event.taken.points} ₽ применена к чеку`)
        break
      case 'missed':
      case 'withdrawn':
        view.hasOffer = false
        say('Скидки в папке больше нет: касса её забрала')
        break
      case 'complaint':
        say(`Журнал 1С: ${event.text}`)
        break
      default:
        say(`1С: ${JSON.stringify(event)}`)
    }
  }

  function complain(error: unknown): void {
    say(`1С не справилась: ${error instanceof Error ? error.message : error}`)
  }

  return {
    view: () => view,
    complain,
    async act(action: Action): Promise<void> {
      switch (action.action) {
        case 'new_receipt': {
          receipts += 1
          const number = `ДЕМО-${receipts}`
          view.receipt = { number, kopecks: action.kopecks, discountPoints: 0 }
          view.hasOffer = false
          await simulator.newReceipt({ purchaseKopecks: action.kopecks, receipt: number })
          return say(`Открыт чек ${number}: сумма записана в amount.json`)
        }
        case 'take':
          return await simulator.takeNow()
        case 'end':
          await simulator.clear()
          view.receipt = null
          return say('Чек закрыт: amount.json удалён')
        case 'take_by_itself':
          view.takesByItself = action.isOn
          return say(action.isOn ? 'Скидку забираем сами' : 'Скидку забираем по кнопке')
      }
    },
    stop: () => simulator.stop(),
  }
}
