import { useState } from 'react'
import type { KnownCustomer, Offer, Sale } from '../../../shared/bridge.ts'
import { formatKopecks } from '../../../shared/numbers.ts'
import { useKeys } from '../keyboard.ts'
import { useScreen, useTexts } from '../screen.ts'
import { AmountCard } from '../ui/AmountCard.tsx'
import { AmountEntry } from './AmountEntry.tsx'
import { CustomerColumn } from './CustomerColumn.tsx'
import { EarnOption } from './EarnOption.tsx'
import { OwnPoints } from './OwnPoints.tsx'
import { RedeemOption } from './RedeemOption.tsx'
import './ready.css'

interface ReadyProps {
  customer: KnownCustomer
  sale: Sale
  offer: Offer
}

/** Customer and amount are known: one tap commits. */
export function Ready({ customer, sale, offer }: ReadyProps) {
  const texts = useTexts()
  const [isEditing, setEditing] = useState(false)
  const isTyped = sale.source === 'typed'
  return (
    <>
      <h1 className="unseen">{`${texts.amount.title} ${formatKopecks(sale.purchaseKopecks, texts.decimal)}`}</h1>
      <CustomerColumn customer={customer} status={offer.status} />
      {isEditing && isTyped ? (
        <AmountEntry onDone={() => setEditing(false)} onCancel={() => setEditing(false)} />
      ) : (
        <div className="column">
          <AmountCard>
            {isTyped && (
              <button type="button" className="button" onClick={() => setEditing(true)}>
                {texts.amount.edit}
              </button>
            )}
          </AmountCard>
          <Choice customer={customer} sale={sale} offer={offer} />
        </div>
      )}
    </>
  )
}

function Choice({ customer, sale, offer }: ReadyProps) {
  const screen = useScreen()
  const { purchaseKopecks } = sale
  const { redeem } = offer
  const [isOwnOpen, setOwnOpen] = useState(false)

  const earnNow = () => screen.ask((api) => api.earn({ purchaseKopecks }))
  const redeemNow = () =>
    redeem.isPossible && screen.ask((api) => api.redeem({ purchaseKopecks, points: redeem.choice.points }))
  const choose = (points: number) => screen.ask((api) => api.choosePoints({ purchaseKopecks, points }))
  useKeys({
    // A habitual Enter must not choose between spending and earning.
    enter: redeem.isPossible ? undefined : earnNow,
    f2: earnNow,
    f3: redeemNow,
    escape: () => screen.ask((api) => api.cancel({})),
  })

  return (
    <div className="choice">
      <RedeemOption redeem={redeem} onRedeem={redeemNow} onChoose={choose} onOwn={() => setOwnOpen(true)} />
      <EarnOption customer={customer} earn={offer.earn} isMain={!redeem.isPossible} onEarn={earnNow} />
      {isOwnOpen && redeem.isPossible && (
        <OwnPoints
          most={redeem.maxPoints}
          choice={redeem.choice}
          onChoose={choose}
          onClose={() => setOwnOpen(false)}
        />
      )}
    </div>
  )
}
