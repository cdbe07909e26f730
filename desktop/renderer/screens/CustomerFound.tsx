import type { KnownCustomer } from '../../../shared/bridge.ts'
import { useScreen, useTexts } from '../screen.ts'
import { AmountEntry } from './AmountEntry.tsx'
import { CustomerColumn } from './CustomerColumn.tsx'

/** Somebody is there, and 1C has no receipt open. */
export function CustomerFound({ customer }: { customer: KnownCustomer }) {
  const screen = useScreen()
  const texts = useTexts()
  return (
    <>
      <h1 className="unseen">{texts.amount.title}</h1>
      <CustomerColumn customer={customer} />
      <AmountEntry onCancel={() => screen.ask((api) => api.cancel({}))} />
    </>
  )
}
