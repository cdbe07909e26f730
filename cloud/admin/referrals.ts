import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { idInput } from '../acts/inputs.ts'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { markStaffCard, rejectReferral, releaseReferral } from '../acts/referrals.ts'
import { states } from '../referrals/judge.ts'
import { listReferrals } from '../referrals/read.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

interface Wish {
  programme?: string | undefined
  state?: (typeof states)[number] | undefined
  limit?: number | undefined
}

async function list({ sql }: House, { programme, state, limit = 100 }: Wish = {}) {
  const { id: programmeId } = await findProgramme(sql, programme)
  const rows = await listReferrals(sql, { programmeId, state, limit })
  return {
    referrals: rows.map(({ referee, referrer, purchase, invitedAt, dueAt, settledAt, ...row }) => ({
      ...{ card: referee.card, invitedBy: referrer.card, ...row, invitedAt: toIso(invitedAt) },
      dueAt: dueAt === null ? null : toIso(dueAt),
      settledAt: settledAt === null ? null : toIso(settledAt),
      purchase: purchase && { ...purchase, at: toIso(purchase.at) },
    })),
  }
}

export const referralCommands: Record<string, Command> = {
  'referral list': command({
    usage:
      'referral list [--state waiting|flagged|rewarded|rejected|taken_back] [--limit <n>] [--programme <id or name>]',
    input: z.strictObject({
      programme: programmeInput,
      state: z.enum(states).optional(),
      limit: idInput.pipe(z.int().max(1000)).optional(),
    }),
    run: list,
    text: ({ referrals }) =>
      referrals.length === 0
        ? 'Nobody came by a link.'
        : table(
            [
              'card',
              'invited by',
              'at (UTC)',
              'state',
              'because',
              'purchase (UTC)',
              'register',
              'points',
              'decided by',
            ],
            referrals.map(
              ({
                card,
                invitedBy,
                invitedAt,
                state,
                reason,
                note,
                purchase,
                referrerPoints,
                refereePoints,
                decidedBy,
              }) => [
                ...[
                  card,
                  invitedBy,
                  moment(invitedAt),
                  state,
                  [reason, note].filter(Boolean).join(': ') || null,
                ],
                ...[
                  purchase && moment(purchase.at),
                  purchase && [purchase.store, purchase.register].join(', '),
                ],
                ...[
                  referrerPoints + refereePoints > 0 ? `${referrerPoints} + ${refereePoints}` : null,
                  decidedBy,
                ],
              ],
            ),
          ),
  }),
  'referral reject': commandOf(rejectReferral, {
    usage: "referral reject --card <the friend's card> --reason <why>",
    text: ({ card, state }) =>
      state === 'taken_back'
        ? `What the invitation of card ${card} had brought was taken back from both.`
        : `The invitation of card ${card} is rejected.`,
  }),
  'referral release': commandOf(releaseReferral, {
    usage: "referral release --card <the friend's card> --reason <why>",
    text: ({ card, state }) => `The invitation of card ${card} is released, and ${state} now.`,
  }),
  'customer staff': commandOf(markStaffCard, {
    usage: 'customer staff --card <card> [--not]',
    text: ({ card, staff }) => `Card ${card} is ${staff ? 'a card' : 'no card'} of the staff.`,
  }),
}
