import type { KnownCustomer, StatusShown } from '../../../shared/bridge.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { CustomerCard } from '../ui/CustomerCard.tsx'
import { MergeNote } from '../ui/MergeNote.tsx'
import { StatusLine } from '../ui/StatusLine.tsx'
import type { VoucherDoor } from './voucher/door.ts'
import { VoucherPanel } from './voucher/VoucherPanel.tsx'

/** The left side while a customer is there, with the way back to the next one. */
export function CustomerColumn({
  customer,
  status = null,
  door,
}: {
  customer: KnownCustomer
  status?: StatusShown | null
  /** Absent: there is nothing to sell. */
  door?: VoucherDoor
}) {
  const screen = useScreen()
  const texts = useTexts()
  const merge = useSnapshot((snapshot) => snapshot.merge)
  return (
    <div className="column">
      <CustomerCard customer={customer} />
      {status && <StatusLine status={status} />}
      {merge && <MergeNote merge={merge} />}
      <div className="spring" />
      {door && <VoucherPanel door={door} />}
      <button type="button" className="button wide" onClick={() => screen.ask((api) => api.cancel({}))}>
        {texts.customer.other}
        <kbd>Esc</kbd>
      </button>
    </div>
  )
}
