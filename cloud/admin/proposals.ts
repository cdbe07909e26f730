import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { readProposals } from '../acts/proposalList.ts'
import { breakGlass, rejectProposal, reviewProposal } from '../acts/proposals.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

const LIMIT = 50

async function listProposals({ sql, now }: House, all: boolean) {
  const found = await readProposals(sql, { sees: 'everything', limit: LIMIT, now })
  const waiting = ({ state, isBreakGlass, reviewedBy }: (typeof found)[number]) =>
    state === 'open' || (isBreakGlass && reviewedBy === null)
  const proposals = (all ? found : found.filter(waiting)).map(
    ({ proposedAt, expiresAt, decidedAt, ...row }) => ({
      ...row,
      ...{ proposedAt: toIso(proposedAt), expiresAt: toIso(expiresAt) },
      decidedAt: decidedAt === null ? null : toIso(decidedAt),
    }),
  )
  return { proposals }
}

/** What needs no account: approving and editing do. */
export const proposalCommands: Record<string, Command> = {
  'proposal list': command({
    usage: 'proposal list [--all]',
    input: z.strictObject({ all: z.boolean().default(false) }),
    run: (house, { all }) => listProposals(house, all),
    text: ({ proposals }) =>
      table(
        ['id', 'act', 'points', 'state', 'by', 'at (UTC)', 'approved by', 'decided by'],
        proposals.map(
          ({
            id,
            act,
            points,
            state,
            proposedBy,
            proposedAt,
            approvals,
            decidedBy,
            isBreakGlass,
            reviewedBy,
          }) => [
            ...[
              id,
              act,
              points,
              isBreakGlass && reviewedBy === null ? `${state} alone, to review` : state,
              proposedBy,
            ],
            ...[moment(proposedAt), approvals.map(({ account }) => account).join(', '), decidedBy],
          ],
        ),
      ),
  }),
  'proposal reject': commandOf(rejectProposal, {
    usage: 'proposal reject --proposal <id> --reason <why>',
    text: ({ proposal }) => `Proposal ${proposal} is rejected.`,
  }),
  'proposal break': commandOf(breakGlass, {
    usage: 'proposal break --proposal <id> --reason <why>',
    text: ({ proposal }) =>
      `Proposal ${proposal} is done, without its approvals: somebody else is to look at it.`,
  }),
  'proposal review': commandOf(reviewProposal, {
    usage: 'proposal review --proposal <id>',
    text: ({ proposal }) => `Proposal ${proposal} was looked at.`,
  }),
}
