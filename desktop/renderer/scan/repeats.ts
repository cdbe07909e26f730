import { claimedCard } from '../../../shared/signedCode.ts'

/** A code that stays in view is one showing of it, however long it stays. */
const SAME_CODE_MS = 3000

export interface Around {
  /** The customer of the last code is served, and their phone may still lie in view. */
  isServed: boolean
  /** The last code was no good, or was none of the Mini App where one is needed: the next one is waited for. */
  isCodeAwaited: boolean
}

/** Tells a card that is shown anew from one that is still being shown, though its code may renew meanwhile. */
export function createRepeatFilter() {
  let last = { code: '', who: '', atMs: Number.NEGATIVE_INFINITY }
  return {
    isNew(code: string, atMs: number, { isServed, isCodeAwaited }: Around): boolean {
      const who = claimedCard(code) ?? code
      const isSame = isCodeAwaited ? code === last.code : who === last.who
      const isStill = isSame && (isServed || atMs - last.atMs < SAME_CODE_MS)
      last = { code, who, atMs }
      return !isStill
    },
    /** After a while of not looking: what is in view now was so all the time. */
    lookAgain(atMs: number): void {
      last = { ...last, atMs }
    },
  }
}
