import { invitationOf } from './invitation.ts'
import { joinCodeOf } from './joinCode.ts'

/** Whether this is what Telegram hands on from a link of ours: of a till, or of a customer who invites. */
export const isStart = (text: string): boolean =>
  joinCodeOf(text) !== null || invitationOf(text) !== undefined
