import { joinCodeOf } from './joinCode.ts'
import { invitationOf } from './referral.ts'

/** Whether this is what Telegram hands on from a link of ours: of a till, or of who invites. */
export const isStart = (text: string): boolean =>
  joinCodeOf(text) !== null || invitationOf(text) !== undefined
