import { SECOND } from '../../../shared/time.ts'

/** A display is told again what it knows: one that hears nothing knows that nobody keeps it current. */
export const TELL_AGAIN_MS = 10 * SECOND
export const SILENCE_MS = 3 * TELL_AGAIN_MS
