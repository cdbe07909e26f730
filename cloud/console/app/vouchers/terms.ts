import type { VoucherBatchRow } from '../../../../shared/console/vouchers.ts'
import { englishVoucherWords, russianVoucherWords } from '../../../../shared/words/voucher.ts'
import type { Tone } from '../kit/Page.tsx'
import { words } from '../words.ts'

/** What customers read of a voucher. */
export const termWords = words(russianVoucherWords, englishVoucherWords)

export const toneOfBatch: Record<VoucherBatchRow['state'], Tone> = {
  active: 'good',
  to_come: 'warn',
  over: 'calm',
  void: 'bad',
}
