import type { CommandInput, CommandName, CommandReply, Snapshot } from '../../../shared/bridge.ts'

/** The register that was asked is no more: somebody ended it on purpose. */
export class RegisterGone extends Error {
  override name = 'RegisterGone'
}

/** A register as its cashier has it, in this process or in another one. */
export interface RunningRegister {
  call<K extends CommandName>(command: K, input: CommandInput<K>): Promise<CommandReply<K>>
  snapshot(): Snapshot
  /** The first snapshot of which it is true. A register that never gets there is a finding, not a wait. */
  until(what: string, isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot>
  isGone(): boolean
  /** Ends it with no warning: the process, or the machine with it. */
  kill(what: 'process' | 'machine'): Promise<void>
  /** Ends it as an update does. */
  stop(): Promise<void>
}

export function brief(snapshot: Snapshot | null): string {
  if (!snapshot) return 'nothing was shown'
  const { phase, sale, customer, act, cloud, exchange, recent, parked } = snapshot
  const open = recent.filter(({ state }) => state === 'open')
  return JSON.stringify({ phase, sale, customer, act, cloud, exchange, open, parked })
}
