import type { ExchangeState } from '../../../shared/bridge.ts'
import type { reportOf } from '../updates/updates.ts'
import type { RegisterError } from './latestErrors.ts'

interface HeartbeatFacts {
  exchange: ExchangeState
  errors: RegisterError[]
  update?: ReturnType<typeof reportOf>
}

/** The part of a heartbeat that is about the register itself. A folder that was not looked into yet is no alert. */
export function heartbeatOf({ exchange, errors, update }: HeartbeatFacts) {
  const { state, problem } = exchange
  const isNotLooked = state === 'away' && problem === null
  return {
    exchange: isNotLooked ? 'starting' : [state, problem].filter(Boolean).join(': '),
    errors,
    ...(update && { update }),
  }
}
