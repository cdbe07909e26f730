import type { Notice } from '../../../shared/bridge.ts'
import type { Clock } from '../time/clock.ts'

/** Notices that the screen shows until their cause is over, or until the next start. */
export function createNotices({ clock, onChange }: { clock: Clock; onChange: () => void }) {
  let notices: Notice[] = []

  function add(code: Notice['code'], text: string): void {
    notices.push({ code, at: clock.now(), text })
    onChange()
  }

  return {
    all: (): Notice[] => [...notices],
    add,
    /** Shows this text under the code from now on; null: no notice. */
    set(code: Notice['code'], text: string | null): void {
      notices = notices.filter((notice) => notice.code !== code)
      if (text === null) onChange()
      else add(code, text)
    },
  }
}
