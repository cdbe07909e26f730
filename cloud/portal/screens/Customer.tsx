import { useEffect } from 'react'
import type { HeardMe } from '../../../shared/me.ts'
import type { Instant } from '../../../shared/time.ts'
import { usePortal } from '../portal.ts'
import { usePlace } from '../route.ts'
import { Tabs } from '../ui/Tabs.tsx'
import { Trouble } from '../ui/Trouble.tsx'
import { useFreshBalance } from '../useFreshBalance.ts'
import { useLiveCode } from '../useLiveCode.ts'
import { BigCode } from './BigCode.tsx'
import { BigVoucher } from './BigVoucher.tsx'
import { Card } from './Card.tsx'
import { EraseSheet } from './EraseSheet.tsx'
import { Expiry } from './Expiry.tsx'
import { History } from './History.tsx'
import { Invite } from './Invite.tsx'
import { Profile } from './Profile.tsx'
import { Vouchers } from './Vouchers.tsx'

/** A customer and the four tabs of their card. */
export function Customer({ me, asOf }: { me: HeardMe; asOf: Instant }) {
  const portal = usePortal()
  const { tab, cover, item } = usePlace()
  // There when it is opened, also where the network has gone meanwhile.
  useEffect(() => void portal.loadHistory(), [portal])
  const isCodeSeen = tab === 'card' && !me.isFrozen
  const code = useLiveCode(isCodeSeen)
  useFreshBalance(tab === 'card')
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab begins at its top.
  useEffect(() => {
    scrollTo(0, 0)
  }, [tab])

  return (
    <>
      <main className="screen" key={tab}>
        <Trouble asOf={asOf} />
        {tab === 'card' && <Card me={me} code={code} />}
        {tab === 'history' && <History me={me} />}
        {tab === 'expiry' && <Expiry />}
        {tab === 'profile' && <Profile me={me} />}
      </main>
      <Tabs present={tab} />
      {cover === 'code' && isCodeSeen && <BigCode me={me} code={code} />}
      {(cover === 'vouchers' || cover === 'voucher') && <Vouchers me={me} />}
      {cover === 'voucher' && <BigVoucher id={item} />}
      {cover === 'invite' && <Invite me={me} />}
      {cover === 'erase' && <EraseSheet me={me} />}
    </>
  )
}
