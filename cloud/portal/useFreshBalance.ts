import { useEffect } from 'react'
import { backoff } from '../../shared/backoff.ts'
import { SECOND } from '../../shared/time.ts'
import { usePortal } from './portal.ts'

/** A customer who has just paid looks at the card: a sale is on it within three seconds. */
const PACE = { first: 2.5 * SECOND, longest: 20 * SECOND }

/** While the card is seen, it knows how the points are; a cloud that is away is asked less often. */
export function useFreshBalance(isSeen: boolean): void {
  const portal = usePortal()
  useEffect(() => {
    if (!isSeen) return
    let isOver = false
    let failures = 0
    let timer: ReturnType<typeof setTimeout>
    async function look() {
      if (document.visibilityState === 'visible') failures = (await portal.load()) ? 0 : failures + 1
      if (!isOver) timer = setTimeout(look, backoff(failures, PACE))
    }
    timer = setTimeout(look, PACE.first)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [isSeen, portal])
}
