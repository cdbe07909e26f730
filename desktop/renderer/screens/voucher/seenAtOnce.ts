import { type RefObject, useLayoutEffect } from 'react'

/**
 * Why a voucher is not good is seen at once, covers nothing, and nothing that is tapped moves for it. Beside the sale
 * there is room for it. In one column it stands below what is tapped where all of it is in view there; else above
 * that, and what stands higher is scrolled away by as much.
 */
export function useSeenAtOnce(place: RefObject<HTMLElement | null>, problem: string | null): void {
  useLayoutEffect(() => {
    const told = place.current
    const ground = told?.closest('.ground')
    if (problem === null || !told || !ground) return
    let scrolledBy = 0
    const putBelow = () => {
      delete told.dataset.above
      ground.scrollTop -= scrolledBy
      scrolledBy = 0
    }
    const putWhereSeen = () => {
      putBelow()
      const tapped = ground.querySelector('.choice, .keypad')
      if (!tapped || bottomOf(told) <= bottomOf(ground)) return
      const { scrollTop } = ground
      const before = topOf(tapped)
      told.dataset.above = 'true'
      ground.scrollTop += topOf(tapped) - before
      // Where nothing that is tapped is in view nothing of it moves under a finger either.
      ground.scrollTop += Math.max(0, Math.ceil(bottomOf(told) - bottomOf(ground)))
      scrolledBy = ground.scrollTop - scrollTop
    }
    putWhereSeen()
    const watch = new ResizeObserver(putWhereSeen)
    watch.observe(ground, { box: 'border-box' })
    return () => {
      watch.disconnect()
      putBelow()
    }
  }, [place, problem])
}

const topOf = (element: Element) => element.getBoundingClientRect().top
const bottomOf = (element: Element) => element.getBoundingClientRect().bottom
