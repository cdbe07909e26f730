import type { KnownCustomer } from '../../../shared/bridge.ts'
import { useScreen, useTexts } from '../screen.ts'
import { AmountEntry } from './AmountEntry.tsx'
import { CustomerColumn } from './CustomerColumn.tsx'
import type { VoucherDoor } from './voucher/door.ts'

/** A customer is there, and 1C has no receipt open. */
export function CustomerFound({ customer, door }: { customer: KnownCustomer; door: VoucherDoor }) {
  const screen = useScreen()
  const texts = useTexts()
  return (
    <>
      <h1 className="unseen">{texts.amount.title}</h1>
      <CustomerColumn customer={customer} door={door} />
      <AmountEntry door={door} onCancel={() => screen.ask((api) => api.cancel({}))} />
    </>
  )
}
