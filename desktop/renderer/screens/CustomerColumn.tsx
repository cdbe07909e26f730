import type { KnownCustomer } from '../../../shared/bridge.ts'
import { useScreen, useTexts } from '../screen.ts'
import { CustomerCard } from '../ui/CustomerCard.tsx'

/** The left side while a customer is there, with the way back to the next one. */
export function CustomerColumn({ customer }: { customer: KnownCustomer }) {
  const screen = useScreen()
  const texts = useTexts()
  return (
    <div className="column">
      <CustomerCard customer={customer} />
      <div className="spring" />
      <button type="button" className="button wide" onClick={() => screen.ask((api) => api.cancel({}))}>
        {texts.customer.other}
        <kbd>Esc</kbd>
      </button>
    </div>
  )
}
