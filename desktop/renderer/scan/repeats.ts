/** A code that stays in view is one showing of it, however long it stays. */
const SAME_CODE_MS = 3000

/** Tells a code that is shown anew from one that is still being shown. */
export function createRepeatFilter() {
  let last = { code: '', atMs: Number.NEGATIVE_INFINITY }
  return {
    /** `isServed`: whoever showed the last code is done with, and their phone may still lie in view. */
    isNew(code: string, atMs: number, { isServed }: { isServed: boolean }): boolean {
      const isSame = code === last.code && (isServed || atMs - last.atMs < SAME_CODE_MS)
      last = { code, atMs }
      return !isSame
    },
    /** After a while of not looking: what is in view now was so all the time. */
    lookAgain(atMs: number): void {
      last = { ...last, atMs }
    },
  }
}
