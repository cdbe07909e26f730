import { useState } from 'react'
import type { KnownCustomer, Offer, Sale } from '../../../shared/bridge.ts'
import { formatKopecks } from '../../../shared/numbers.ts'
import { useKeys } from '../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { AmountCard } from '../ui/AmountCard.tsx'
import { AmountEntry } from './AmountEntry.tsx'
import { CustomerColumn } from './CustomerColumn.tsx'
import { EarnOption } from './EarnOption.tsx'
import { OwnPoints } from './OwnPoints.tsx'
import { RedeemOption } from './RedeemOption.tsx'
import type { VoucherDoor } from './voucher/door.ts'
import { VoucherOptions } from './voucher/VoucherOptions.tsx'
import './ready.css'

interface ReadyProps {
  customer: KnownCustomer
  sale: Sale
  offer: Offer
  door: VoucherDoor
}

/** Customer and amount are known: one tap commits. */
export function Ready({ customer, sale, offer, door }: ReadyProps) {
  const texts = useTexts()
  const [isEditing, setEditing] = useState(false)
  const isTyped = sale.source === 'typed'
  return (
    <>
      <h1 className="unseen">{`${texts.amount.title} ${formatKopecks(sale.purchaseKopecks, texts.decimal)}`}</h1>
      <CustomerColumn customer={customer} status={offer.status} door={door} />
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
          <Choice sale={sale} offer={offer} door={door} />
        </div>
      )}
    </>
  )
}

function Choice({ sale, offer, door }: Omit<ReadyProps, 'customer'>) {
  const screen = useScreen()
  const { purchaseKopecks } = sale
  const { redeem } = offer
  const shown = useSnapshot((snapshot) => snapshot.voucher)
  const [isOwnOpen, setOwnOpen] = useState(false)
  // Until the cloud has said what the voucher gives, a tap would leave it unused.
  const isAsking = shown?.state === 'asked'
  const voucher = offer.voucher?.isPossible ? offer.voucher : null
  const together = voucher?.isWithPoints ? voucher : null
  const spending = together ?? (redeem.isPossible ? { ...redeem.choice, maxPoints: redeem.maxPoints } : null)

  const redeemWith = (points: number, withVoucher: boolean) =>
    !isAsking && screen.ask((api) => api.redeem({ purchaseKopecks, points, withVoucher }))
  const isTaken = redeem.isPossible || redeem.reason !== 'amount_out_of_range'
  const earnNow = () => !isAsking && screen.ask((api) => api.earn({ purchaseKopecks }))
  const spendNow = () => spending && spending.points > 0 && redeemWith(spending.points, together !== null)
  const voucherNow = () => redeemWith(0, true)
  const choose = (points: number) => screen.ask((api) => api.choosePoints({ purchaseKopecks, points }))
  useKeys({
    // A habitual Enter must not choose between spending and earning, nor use up a voucher or leave it unused.
    enter: redeem.isPossible || shown ? undefined : earnNow,
    f2: voucher ? voucherNow : earnNow,
    f3: spendNow,
    ...door.keys,
    escape: () => screen.ask((api) => api.cancel({})),
  })

  return (
    <div className="choice" aria-busy={isAsking}>
      {voucher ? (
        <VoucherOptions
          voucher={voucher}
          redeem={redeem}
          onSpend={spendNow}
          onAlone={voucherNow}
          onChoose={choose}
          onOwn={() => setOwnOpen(true)}
        />
      ) : (
        <>
          <RedeemOption
            redeem={redeem}
            isWithoutVoucher={shown !== null}
            onRedeem={spendNow}
            onChoose={choose}
            onOwn={() => setOwnOpen(true)}
          />
          {isTaken && (
            <EarnOption
              earn={offer.earn}
              becomes={offer.becomes}
              isMain={!redeem.isPossible}
              isWithoutVoucher={shown !== null}
              onEarn={earnNow}
            />
          )}
        </>
      )}
      {isOwnOpen && spending && (
        <OwnPoints
          most={spending.maxPoints}
          choice={spending}
          onChoose={choose}
          onClose={() => setOwnOpen(false)}
        />
      )}
    </div>
  )
}
