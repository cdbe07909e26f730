import type { KnownCustomer } from '../../../shared/bridge.ts'
import { useTexts } from '../screen.ts'
import { AmountEntry } from './AmountEntry.tsx'
import { CustomerColumn } from './CustomerColumn.tsx'

/** Somebody is there, and 1C has no receipt open. */
export function CustomerFound({ customer }: { customer: KnownCustomer }) {
  const texts = useTexts()
  return (
    <>
      <h1 className="unseen">{texts.amount.title}</h1>
      <CustomerColumn customer={customer} />
      <AmountEntry onDone={() => {}} />
    </>
  )
}
