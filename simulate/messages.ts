import type { CommandName, Snapshot } from '../shared/bridge.ts'

/** What a register in a process of its own is told at the start. */
export interface RegisterSetting {
  cloudUrl: string
  key: string
  exchangeFolder: string
  dataFolder: string
  takeMs: number
  /** How far its clock is off. */
  skewMs: number
}

export type ToRegister =
  | { type: 'call'; number: number; command: CommandName; input: unknown }
  | { type: 'stop' }

export type FromRegister =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'reply'; number: number; reply: unknown }
