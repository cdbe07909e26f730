import { useEffect, useState } from 'react'
import { keepLiveCode, type LiveCode } from './liveCode.ts'
import { usePortal } from './portal.ts'
import { steadyNow } from './steadyClock.ts'

/** A live code as long as it is seen. */
export function useLiveCode(isSeen: boolean): LiveCode {
  const portal = usePortal()
  const [code, setCode] = useState<LiveCode>({ status: 'loading' })
  useEffect(() => {
    if (!isSeen) return
    const keeper = keepLiveCode({
      fetchCode: portal.code,
      onChange: setCode,
      now: steadyNow,
      isVisible: () => document.visibilityState === 'visible',
    })
    document.addEventListener('visibilitychange', keeper.look)
    for (const event of ['focus', 'online'] as const) addEventListener(event, keeper.look)
    return () => {
      keeper.stop()
      setCode({ status: 'loading' })
      document.removeEventListener('visibilitychange', keeper.look)
      for (const event of ['focus', 'online'] as const) removeEventListener(event, keeper.look)
    }
  }, [isSeen, portal])
  return code
}
