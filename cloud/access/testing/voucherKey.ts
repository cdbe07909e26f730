import { voucherKeyOf } from '../voucherKey.ts'

export const testVoucherKey = voucherKeyOf('a key of the tests and of nothing else')
