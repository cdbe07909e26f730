import { useState } from 'react'
import type { VoucherOffer, VoucherShown } from '../../../../shared/bridge.ts'
import { useScreen, useSnapshot } from '../../screen.ts'

/** The voucher that was shown, and what it does for the sale: the second only with an amount, and once the cloud has answered. */
export interface VoucherHere {
  shown: VoucherShown | null
  voucher: VoucherOffer | null
}

export function useVoucher(): VoucherHere {
  const shown = useSnapshot((snapshot) => snapshot.voucher)
  const voucher = useSnapshot((snapshot) => snapshot.offer?.voucher ?? null)
  return { shown, voucher }
}

/** 1C has not said what the goods cost: the cashier has to, or has. */
export const needsPrice = (voucher: VoucherOffer | null) =>
  voucher?.isPossible === false && voucher.needsPrice === true
export const pricedKopecks = (voucher: VoucherOffer | null) =>
  voucher?.isPossible ? voucher.itemKopecks : null

/** What is open of the voucher of who stands there, and the keys that open it. */
export function useVoucherDoor() {
  const screen = useScreen()
  const { shown, voucher } = useVoucher()
  const [open, setOpen] = useState<'nothing' | 'code' | 'price'>('nothing')
  const canPrice = needsPrice(voucher) || pricedKopecks(voucher) !== null
  const enterCode = () => setOpen('code')
  const enterPrice = () => setOpen('price')
  const drop = () => void screen.ask((api) => api.dropVoucher({}))
  return {
    open,
    enterCode,
    enterPrice,
    drop,
    close: () => setOpen('nothing'),
    keys: { f7: shown ? drop : enterCode, f8: canPrice ? enterPrice : undefined },
  }
}
export type VoucherDoor = ReturnType<typeof useVoucherDoor>
