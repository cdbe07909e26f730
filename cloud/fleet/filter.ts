import { z } from 'zod'
import type { FleetRegister } from './read.ts'

const states = ['all', 'attention', 'silent'] as const
export type State = (typeof states)[number]

/** What the address of the page says; what it cannot mean is as if not said. */
export const filterSchema = z.object({
  store: z.coerce.number().int().positive().nullable().catch(null).default(null),
  state: z.enum(states).catch('all').default('all'),
  version: z.string().max(50).nullable().catch(null).default(null),
})
export type Filter = z.output<typeof filterSchema>

/** Registers that need a person come first, revoked ones last; the order of stores and names stays within. */
export function choose(registers: FleetRegister[], { store, state, version }: Filter): FleetRegister[] {
  return registers
    .filter((register) => store === null || register.store.id === store)
    .filter((register) => !version || register.version === version)
    .filter((register) => isIn(state, register))
    .sort((left, right) => rankOf(left) - rankOf(right))
}

export function isIn(state: State, { concerns, isSilent }: FleetRegister): boolean {
  if (state === 'attention') return concerns.length > 0
  return state === 'all' || isSilent
}

function rankOf({ concerns, isSilent, lastSeenAt, revokedAt }: FleetRegister): number {
  if (revokedAt !== null) return 4
  if (concerns.length > 0) return 0
  if (isSilent) return 1
  return lastSeenAt === null ? 3 : 2
}
