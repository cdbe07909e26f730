import type { KnownCustomer } from '../../../shared/bridge.ts'
import { sentencesOfFrozen } from '../failure.ts'
import { useKeys } from '../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { AmountCard } from '../ui/AmountCard.tsx'
import { CustomerColumn } from './CustomerColumn.tsx'
import './ready.css'

/** A card that neither earns nor spends says so at once, and who can help; the sale goes on without it. */
export function Frozen({ customer }: { customer: KnownCustomer }) {
  const screen = useScreen()
  const texts = useTexts()
  const support = useSnapshot(({ supportContact }) => supportContact)
  const { what, points, next } = sentencesOfFrozen(texts, customer, support)
  const leave = () => screen.ask((api) => api.cancel({}))
  useKeys({ enter: leave, escape: leave })
  return (
    <>
      <CustomerColumn customer={customer} />
      <div className="column">
        <AmountCard />
        <section className="option impossible frozen" role="alert">
          <h1 className="option-name">{what}</h1>
          <p className="option-effect">{points}</p>
          <p className="option-effect">{next}</p>
        </section>
        <button type="button" className="button main wide tall" onClick={leave}>
          {texts.common.understood}
          <kbd>Enter</kbd>
        </button>
      </div>
    </>
  )
}
