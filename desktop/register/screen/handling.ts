import type { CommandName, CommandRefusal, CommandReply, commandSchemas } from '../../../shared/bridge.ts'
import { newId as mintId } from '../../../shared/id.ts'
import type { Instant } from '../../../shared/time.ts'
import type { createJoins } from '../joins/joins.ts'
import type { Files } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { openLists } from '../outbox/recent.ts'
import type { createReturns } from '../returns/returns.ts'
import type { Event } from '../session/state.ts'
import type { SessionStore } from '../session/store.ts'
import type { KeyStore } from '../settings/keys.ts'
import { createPinLock } from '../settings/pinLock.ts'
import type { SettingsFile } from '../settings/settings.ts'
import type { Connector } from '../sync/connector.ts'
import type { Clock } from '../time/clock.ts'
import type { Updates } from '../updates/updates.ts'

export interface CommandsOptions {
  dataFolder: string
  keys: KeyStore
  files: Files
  clock: Clock
  newId?: ((now: Instant) => string) | undefined
  fetch: typeof globalThis.fetch
  log: Log
  version: string
  settings: SettingsFile
  outbox: Outbox
  lists: ReturnType<typeof openLists>
  returns: ReturnType<typeof createReturns>
  joins: Pick<ReturnType<typeof createJoins>, 'expect' | 'hide'>
  session: Pick<SessionStore, 'dispatch'>
  connector: Pick<Connector, 'current' | 'connect' | 'wake'>
  journalChanged: () => void
  meet1c: () => Promise<void>
  diagnostics: () => object
  updates?: Updates | undefined
}

type Answer<K extends CommandName> = CommandReply<K> | Promise<CommandReply<K>>
export type Handlers = { [K in CommandName]: (input: Parsed<K>) => Answer<K> }
export type Parsed<K extends CommandName> = (typeof commandSchemas)[K]['_output']

export const refuse = (code: CommandRefusal, message = '') => ({ ok: false as const, code, message })
export const done = { ok: true as const, value: null }

export type Handling = ReturnType<typeof createHandling>

/** All that the handlers of commands share: the parts of the register, the session, new ids, and the PIN. */
export function createHandling(options: CommandsOptions) {
  const { settings, session, lists, clock } = options
  const lock = createPinLock({ settings: settings.current, clock })
  let counter = 0
  const nextNumber = () => ++counter

  /** Lets only a person with the PIN change settings. */
  function refuseUnlessOpened(pin: string | undefined) {
    const opened = lock.check(pin)
    return opened === 'open' ? null : refuse(opened)
  }
  /**
   * Lets only a person with the PIN decide. Where no PIN was set, nobody can: the amount must come from 1C, and support
   * gives the points back.
   */
  function refuseUnlessDecided(
    pin: string | undefined,
    { noPin, needed }: Record<'noPin' | 'needed', CommandRefusal>,
  ) {
    if (!settings.current().pin) return refuse(noPin)
    return pin === undefined ? refuse(needed) : refuseUnlessOpened(pin)
  }

  /** The voucher of a purchase of this register: it does not know the codes of others. */
  function voucherOf(operationId: string) {
    const used = lists.voucherOf(operationId)
    return used && { searchId: nextNumber(), code: used.code, card: used.card }
  }

  return {
    ...options,
    nextId: () => (options.newId ?? mintId)(clock.now()),
    nextNumber,
    tell(event: Event) {
      const code = session.dispatch(event)
      return code ? refuse(code) : done
    },
    refuseUnlessOpened,
    refuseUnlessDecided,
    voucherOf,
  }
}
