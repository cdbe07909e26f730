import { testVoucherKey } from '../../../cloud/access/testing/voucherKey.ts'
import { addVouchers, voucherOf } from '../../../cloud/ledger/testing/makers.ts'
import type { TestCloud } from '../../../cloud/testing/cloud.ts'
import { voucherCodeOf } from '../../../shared/voucherCode.ts'

/** A code of its own, which whoever shows it may use once. */
export async function addVoucher(
  { sql }: Pick<TestCloud, 'sql'>,
  number: bigint,
  { offRubles, creditedPoints }: { offRubles: number; creditedPoints: number },
): Promise<{ code: string; id: number }> {
  const code = voucherCodeOf(number)
  const gives =
    creditedPoints > 0
      ? ({ type: 'points', points: creditedPoints } as const)
      : ({ type: 'discount_kopecks', kopecks: offRubles * 100 } as const)
  const made = voucherOf(gives, {}, { hash: testVoucherKey.hash(code) })
  await addVouchers(sql, made)
  return { code, id: made.id }
}
