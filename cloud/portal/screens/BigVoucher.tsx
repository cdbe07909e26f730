import { usePortalState, useTexts } from '../portal.ts'
import { route } from '../route.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Qr } from '../ui/Qr.tsx'
import { Terms } from './Vouchers.tsx'
import './bigCode.css'

/** For a till: as large as the screen can, on white, with the code below to type. */
export function BigVoucher({ id }: { id: string | undefined }) {
  const { vouchers: texts } = useTexts()
  const voucher = usePortalState(({ vouchers }) => vouchers?.find((voucher) => voucher.id === id))
  if (!voucher?.code) return null
  return (
    <Dialog className="big-code big-voucher" label={texts.gives(voucher.terms)}>
      <p className="voucher-gives">{texts.gives(voucher.terms)}</p>
      <button className="big-code-close" type="button" onClick={route.back}>
        <span className="unseen">{texts.shrink}</span>
        <Qr text={voucher.code} label={texts.code} />
      </button>
      <p className="card-number num">
        <span className="unseen">{texts.number}</span> {voucher.code.slice(0, 5)} {voucher.code.slice(5)}
      </p>
      <p className="big-code-note">
        <Terms voucher={voucher} />
      </p>
      <p className="big-code-note">{texts.how}</p>
    </Dialog>
  )
}
