import { openKopilka } from '../../desktop/register/exchange/bsl/kopilka.ts'
import { systemOneCFiles } from '../../desktop/register/exchange/oneCFiles.ts'
import { pause, systemClock } from '../../desktop/register/time/clock.ts'
import { kioskAt } from './kiosk.ts'

// `node sell.ts <port> <folder> <card> <sales> <points>`: so many sales at an installed kiosk, each for so many points, half of them by
// the second protocol. 1C is kopilka.bsl, in this program; the cashier sees the kiosk's screen.

const [port = '', folder = '', card = '', sales = '', points = ''] = process.argv.slice(2)
const kiosk = kioskAt(Number(port))
const complaints: string[] = []
const kopilka = openKopilka({
  ...{ folder, files: systemOneCFiles, clock: systemClock },
  onLog: ({ isError, text }) => void (isError && complaints.push(text)),
})
let given = 0
for (let sale = 1; sale <= Number(sales); sale += 1) given += await sell(sale, sale % 2 === 1 ? 1 : 2)
await kiosk.until('an empty queue', ({ cloud }) => cloud.queued === 0)
console.log(JSON.stringify({ given, complaints }))

async function sell(sale: number, protocol: 1 | 2): Promise<number> {
  const receipt = `ТД-${process.pid}-${sale}`
  const purchaseKopecks = 100_000 + sale * 1_01
  await kopilka.writeAmount({ kopecks: purchaseKopecks, receipt, protocol })
  await kiosk.until(
    'the amount',
    ({ sale }) => sale?.purchaseKopecks === purchaseKopecks && sale.receipt === receipt,
  )
  await kiosk.call('findCustomer', { code: card })
  await kiosk.until(
    'what can be spent',
    ({ search, offer }) => search === null && offer?.redeem.isPossible === true,
  )
  const reply = await kiosk.call('redeem', { purchaseKopecks, points: Number(points) })
  if (!reply.ok) throw new Error(`the kiosk does not redeem: ${JSON.stringify(reply)}`)
  const taken = await take(receipt, protocol)
  const { act } = await kiosk.until(
    'the end of the sale',
    ({ act }) => act !== null && act.type !== 'processing',
  )
  if (act?.type !== 'success' || act.spent !== taken)
    throw new Error(`1C took ${taken}, and the kiosk says ${JSON.stringify(act)}`)
  await kopilka.clear()
  await kiosk.call('cancel', {})
  await kiosk.until('no sale', ({ sale }) => sale === null)
  return taken
}

/** As the timer of 1C does it, until there is something to take. */
async function take(receipt: string, protocol: 1 | 2): Promise<number> {
  for (;;) {
    if (protocol === 1) {
      const rubles = await kopilka.takeDiscount(receipt)
      if (rubles > 0) return rubles
    } else {
      const claim = await kopilka.takeWithId(receipt)
      if (claim && (await kopilka.confirm(claim.id, true))) return claim.points
    }
    const { act } = await kiosk.snapshot()
    if (act?.type === 'error') throw new Error(`nothing was taken: ${JSON.stringify(act)}`)
    await pause(systemClock, 100)
  }
}
