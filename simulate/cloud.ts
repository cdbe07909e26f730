import { voucherKeyOf } from '../cloud/access/voucherKey.ts'
import { type CloudProcess, startCloudProcess } from '../cloud/testing/process.ts'
import { pause, systemClock } from '../desktop/register/time/clock.ts'

export type Cloud = Awaited<ReturnType<typeof openCloud>>

/** A cloud that another program has started, as where the tills are on another system: we neither kill nor end it. */
export function cloudElsewhere(url: string): Cloud {
  return { url: () => url, kills: () => 0, crashed: new Promise(() => {}), kill() {}, up: async () => {} }
}

/** The key by which the codes of a simulated day are made and hashed. */
const VOUCHER_SECRET = 'a-key-of-simulated-days-and-of-nothing-else'
export const simulatedVoucherKey = voucherKeyOf(VOUCHER_SECRET)

/** The cloud as a process that is killed and started again, on a database that lives on. */
export async function openCloud({
  databaseUrl,
  holdSeconds,
  closers,
}: {
  databaseUrl: string
  holdSeconds: number
  closers: AsyncDisposableStack
}) {
  const start = () =>
    startCloudProcess({
      DATABASE_URL: databaseUrl,
      VOUCHER_KEY: VOUCHER_SECRET,
      PENDING_DISCOUNT_EXPIRY_SECONDS: String(holdSeconds),
      // A day of sales comes in minutes here.
      LOOKUPS_PER_MINUTE: '1000000',
      MISSED_LOOKUPS_PER_MINUTE: '1000000',
      REQUESTS_PER_MINUTE: '1000000',
      OPERATIONS_PER_MINUTE: '1000000',
      OPERATIONS_BURST: '1000000',
    })
  const starting = start()
  let isStopped = false
  let turn: Promise<unknown> = Promise.resolve()
  let kills = 0
  closers.defer(async () => {
    isStopped = true
    if (!(await starting.catch(() => null))) return
    await turn.catch(() => {})
    await current.stop()
  })
  let current: CloudProcess = await starting
  const { promise: crashed, reject: crash } = Promise.withResolvers<never>()
  crashed.catch(() => {}) // heard by those who race it
  const guard = () => current.crashed.catch(crash)
  guard()

  async function killAndStart(downMs: number): Promise<void> {
    if (isStopped) return
    kills += 1
    await current.stop('SIGKILL')
    await pause(systemClock, downMs)
    current = await start()
    guard()
  }

  return {
    url: () => current.url,
    kills: () => kills,
    /** Rejects when it ends without having been killed. */
    crashed,
    kill({ downMs }: { downMs: number }): void {
      turn = turn.then(() => killAndStart(downMs))
      turn.catch(crash)
    },
    /** Resolves when it is up, and is not going to be killed any more. */
    up: () => turn,
  }
}
