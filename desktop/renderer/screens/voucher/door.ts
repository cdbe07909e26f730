import { useState } from 'react'
import { useScreen, useSnapshot } from '../../screen.ts'

/** What is open of the voucher of who stands there, and the keys that open it. */
export function useVoucherDoor() {
  const screen = useScreen()
  const voucher = useSnapshot((snapshot) => snapshot.voucher)
  const offer = useSnapshot((snapshot) => snapshot.offer?.voucher ?? null)
  const [open, setOpen] = useState<'nothing' | 'code' | 'price'>('nothing')
  const canPrice =
    offer !== null && (offer.isPossible ? offer.itemKopecks !== null : offer.needsPrice === true)
  const enterCode = () => setOpen('code')
  const enterPrice = () => setOpen('price')
  const drop = () => void screen.ask((api) => api.dropVoucher({}))
  return {
    open,
    enterCode,
    enterPrice,
    drop,
    close: () => setOpen('nothing'),
    keys: { f7: voucher ? drop : enterCode, f8: canPrice ? enterPrice : undefined },
  }
}
export type VoucherDoor = ReturnType<typeof useVoucherDoor>
