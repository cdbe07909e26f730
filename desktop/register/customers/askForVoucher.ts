import type { VoucherEvent } from '../session/state.ts'
import type { Connection } from '../sync/connection.ts'

/** Asks what a voucher gives to the customer of this card; only the cloud knows it. */
export async function askForVoucher(
  { searchId, code, card }: { searchId: number; code: string; card: string },
  { connection, tell }: { connection: Connection | null; tell: (event: VoucherEvent) => void },
): Promise<void> {
  const miss = (reason: string, title: string | null = null) =>
    tell({ type: 'voucher_missed', searchId, reason, title })
  if (!connection) return miss('cloud_away')
  const reply = await connection.client.voucher({ code, card }, connection.signal)
  if (connection.signal.aborted) return
  if (reply.ok) return tell({ type: 'voucher_found', searchId, terms: reply.value.voucher })
  if (reply.code === 'voucher_not_found') return miss('unknown')
  const { reason, title } = reply.details ?? {}
  if (reply.code === 'voucher_refused')
    return miss(typeof reason === 'string' ? reason : 'unknown', typeof title === 'string' ? title : null)
  miss('cloud_away')
}
