import { useState } from 'react'
import type { KnownCustomer, Snapshot } from '../../../shared/bridge.ts'
import { CustomerFound } from './CustomerFound.tsx'
import { Ready } from './Ready.tsx'
import { useVoucherDoor } from './voucher/door.ts'
import { PriceEntry } from './voucher/PriceEntry.tsx'
import { VoucherEntry } from './voucher/VoucherEntry.tsx'

interface ServedProps extends Pick<Snapshot, 'sale' | 'offer'> {
  customer: KnownCustomer
}

/** A customer stands there, with an amount or before it; what is being typed of a voucher outlasts the amount's coming. */
export function Served({ customer, sale, offer }: ServedProps) {
  const door = useVoucherDoor()
  const [code, setCode] = useState('')
  // The keyboard belongs to whoever appeared last.
  const turn = sale ? 'ready' : 'found'
  return (
    <>
      {sale && offer ? (
        <Ready customer={customer} sale={sale} offer={offer} door={door} />
      ) : (
        <CustomerFound customer={customer} door={door} />
      )}
      {door.open === 'code' && <VoucherEntry key={turn} code={code} onCode={setCode} onClose={door.close} />}
      {door.open === 'price' && sale && (
        <PriceEntry purchaseKopecks={sale.purchaseKopecks} onClose={door.close} />
      )}
    </>
  )
}
