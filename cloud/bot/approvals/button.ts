import { z } from 'zod'

const PREFIX = 'proposal'
/** So many digits of its hash: enough that an edit never has the same, and few enough for a button. */
const SEEN = 16

/** What a button under a proposal says to us, which anybody can send: what shall be done about which, and what they saw of it. */
export interface ProposalButton {
  deed: 'approve' | 'reject'
  proposal: number
  seen: string
}

const schema = z.tuple([
  z.literal(PREFIX),
  z.enum(['approve', 'reject']),
  z.string().regex(/^[1-9]\d{0,8}$/),
  z.string().regex(/^[0-9a-f]{16}$/),
])

export const writeProposalButton = (
  deed: ProposalButton['deed'],
  { id, hash }: { id: number; hash: string },
) => [PREFIX, deed, id, hash.slice(0, SEEN)].join(':')

/** Null where it is a button of something else. */
export function readProposalButton(data: string | undefined): ProposalButton | null {
  const read = schema.safeParse(data?.split(':'))
  if (!read.success) return null
  const [, deed, proposal, seen] = read.data
  return { deed, proposal: Number(proposal), seen }
}
