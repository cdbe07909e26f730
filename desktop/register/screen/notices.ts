import type { Notice } from '../../../shared/bridge.ts'
import type { Clock } from '../time/clock.ts'

/** What the screen goes on saying until it is over, or until the next start. */
export function createNotices({ clock, onChange }: { clock: Clock; onChange: () => void }) {
  let notices: Notice[] = []

  function add(code: Notice['code'], text: string): void {
    notices.push({ code, at: clock.now(), text })
    onChange()
  }

  return {
    all: (): Notice[] => [...notices],
    add,
    /** What is said under this code from now on; null: nothing. */
    set(code: Notice['code'], text: string | null): void {
      notices = notices.filter((notice) => notice.code !== code)
      if (text === null) onChange()
      else add(code, text)
    },
  }
}
