import type { KnownCustomer, StatusShown } from '../../../shared/bridge.ts'
import { useScreen, useTexts } from '../screen.ts'
import { CustomerCard } from '../ui/CustomerCard.tsx'
import { StatusLine } from '../ui/StatusLine.tsx'

/** The left side while a customer is there, with the way back to the next one. */
export function CustomerColumn({
  customer,
  status = null,
}: {
  customer: KnownCustomer
  status?: StatusShown | null
}) {
  const screen = useScreen()
  const texts = useTexts()
  return (
    <div className="column">
      <CustomerCard customer={customer} />
      {status && <StatusLine status={status} />}
      <div className="spring" />
      <button type="button" className="button wide" onClick={() => screen.ask((api) => api.cancel({}))}>
        {texts.customer.other}
        <kbd>Esc</kbd>
      </button>
    </div>
  )
}
