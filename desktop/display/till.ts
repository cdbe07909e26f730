import type { Display } from '../../shared/display.ts'
import { SECOND } from '../../shared/time.ts'
import { SILENCE_MS } from '../screen/display/pace.ts'

interface WatchOptions {
  /** Begins to listen; what it returns ends that. */
  open: (line: { hear(text: string): void; lost(): void }) => () => void
  show: (display: Display) => void
  /** Calls later, unless the function it returns is called before. */
  after: (ms: number, act: () => void) => () => void
  /** The page is of another version than the register. */
  reload: () => void
}

const AGAIN_AFTER_MS = 3 * SECOND

/**
 * Shows what the till says for as long as it says something: what nobody keeps current any more may be about somebody
 * who has gone. A till that does not answer is asked again for ever.
 */
export function watchTill({ open, show, after, reload }: WatchOptions): void {
  let latest: Display | null = null
  let version: string | null = null

  function begin(): void {
    let isOver = false
    let keepWaiting = after(SILENCE_MS, lost)
    const close = open({ hear, lost })

    function hear(text: string): void {
      if (isOver) return
      keepWaiting()
      keepWaiting = after(SILENCE_MS, lost)
      latest = JSON.parse(text) as Display
      version ??= latest.version
      if (latest.version === version) show(latest)
      else reload()
    }
    function lost(): void {
      if (isOver) return
      isOver = true
      keepWaiting()
      close()
      if (latest) show({ ...latest, scene: { type: 'idle' } })
      after(AGAIN_AFTER_MS, begin)
    }
  }

  begin()
}
