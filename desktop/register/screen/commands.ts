import { hostname } from 'node:os'
import { join } from 'node:path'
import {
  type CommandInput,
  type CommandName,
  type CommandRefusal,
  type CommandReply,
  commandSchemas,
} from '../../../shared/bridge.ts'
import { isSafeAddress } from '../../../shared/cloudAddress.ts'
import { newId as mintId } from '../../../shared/id.ts'
import { defaultProgramme } from '../../../shared/programme.ts'
import { mendText } from '../../../shared/text.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { looksLikeVoucher, readVoucherCode } from '../../../shared/voucherCode.ts'
import type { createJoins } from '../joins/joins.ts'
import { diskFailureOf } from '../machine/diskWatch.ts'
import { codeOf, type Files, PRIVATE } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { openLists } from '../outbox/recent.ts'
import { movingTo } from '../redemption/movingTo.ts'
import type { createReturns } from '../returns/returns.ts'
import type { Event } from '../session/state.ts'
import type { SessionStore } from '../session/store.ts'
import type { KeyStore } from '../settings/keys.ts'
import { createPinLock, hashPin } from '../settings/pinLock.ts'
import type { SettingsFile } from '../settings/settings.ts'
import { createCloudClient } from '../sync/client.ts'
import type { Connector } from '../sync/connector.ts'
import type { Clock } from '../time/clock.ts'
import type { Updates } from '../updates/updates.ts'

interface CommandsOptions {
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
type Handlers = { [K in CommandName]: (input: Parsed<K>) => Answer<K> }
type Parsed<K extends CommandName> = (typeof commandSchemas)[K]['_output']
type Commands = { [K in CommandName]: (input: CommandInput<K>) => Promise<CommandReply<K>> }

/** The commands of a screen, parsed at the door. A fault of ours is logged and answered, and never thrown. */
export function createCommands(options: CommandsOptions) {
  const { log } = options
  const handlers = createHandlers(options)
  let writings = 0
  let isClosed = false

  async function answer<K extends CommandName>(name: K, input: unknown): Promise<CommandReply<K>> {
    if (isClosed) return refuse('failed', 'The register has stopped.')
    const parsed = commandSchemas[name].safeParse(input)
    if (!parsed.success)
      return refuse('malformed', parsed.error.issues.map(({ message }) => message).join('; '))
    try {
      const reply = handlers[name](parsed.data as Parsed<K>)
      return reply instanceof Promise ? await whileWriting(reply) : reply
    } catch (error) {
      log.error({ err: error, command: name }, 'a command failed')
      const failure = diskFailureOf(error)
      return failure === null
        ? refuse('failed', 'See the log of the register.')
        : refuse('not_written', failure)
    }
  }

  async function whileWriting<T>(work: Promise<T>): Promise<T> {
    writings += 1
    return await work.finally(() => {
      writings -= 1
    })
  }

  const bind = <K extends CommandName>(name: K) => ({ [name]: (input: unknown) => answer(name, input) })
  const names = Object.keys(commandSchemas) as CommandName[]
  return {
    commands: Object.assign({}, ...names.map(bind)) as Commands,
    /** A command is under way that writes something. */
    isWriting: (): boolean => writings > 0,
    /** Every later command is refused. */
    close(): void {
      isClosed = true
    },
  }
}

const refuse = (code: CommandRefusal, message = '') => ({ ok: false as const, code, message })
const done = { ok: true as const, value: null }

function createHandlers(options: CommandsOptions): Handlers {
  const { settings, outbox, lists, returns, session, connector, clock, files, keys, dataFolder } = options
  const lock = createPinLock({ settings: settings.current, clock })
  const nextId = () => (options.newId ?? mintId)(clock.now())
  let counter = 0
  const nextNumber = () => ++counter
  const tell = (event: Event) => {
    const code = session.dispatch(event)
    return code ? refuse(code) : done
  }
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
  function showVoucher(text: string) {
    const code = readVoucherCode(text)
    return code === null
      ? refuse('not_a_voucher')
      : tell({ type: 'show_voucher', searchId: nextNumber(), code })
  }

  /** The voucher of a purchase of this register: it does not know the codes of others. */
  function voucherOf(operationId: string) {
    const used = lists.voucherOf(operationId)
    return used && { searchId: nextNumber(), code: used.code, card: used.card }
  }

  return {
    findCustomer: ({ code }) =>
      looksLikeVoucher(code) ? showVoucher(code) : tell({ type: 'search', id: nextNumber(), code }),
    typeAmount({ purchaseKopecks, pin }) {
      const { typed_limit_kopecks: limit } = settings.current().known?.programme ?? defaultProgramme
      const refused =
        purchaseKopecks > limit ? refuseUnlessDecided(pin, { noPin: 'no_pin', needed: 'pin_needed' }) : null
      return refused ?? tell({ type: 'amount_typed', id: -nextNumber(), purchaseKopecks })
    },
    earn: ({ purchaseKopecks, confirmDuplicate = false }) =>
      connector.current()
        ? tell({ type: 'earn', id: nextId(), purchaseKopecks, confirmDuplicate })
        : refuse('not_enrolled'),
    choosePoints: (chosen) => tell({ type: 'choose', ...chosen }),
    redeem: ({ purchaseKopecks, points, confirmDuplicate = false, withVoucher = false }) =>
      tell({ type: 'redeem', id: nextId(), purchaseKopecks, points, confirmDuplicate, withVoucher }),
    showVoucher: ({ code }) => showVoucher(code),
    dropVoucher: () => tell({ type: 'drop_voucher' }),
    priceVoucherItem: (price) => tell({ type: 'price_voucher_item', ...price }),
    merge: (cards) => tell({ type: 'merge', id: nextId(), ...cards }),
    keepApart: (cards) => tell({ type: 'keep_apart', ...cards }),
    expectJoin() {
      options.joins.expect()
      return done
    },
    hideJoined({ card }) {
      options.joins.hide(card)
      return done
    },
    cancel: () => tell({ type: 'cancel' }),

    refund({ operationId, refundKopecks = null }) {
      const of = lists.find(operationId)
      if (!of?.isRefundable) return refuse('not_refundable')
      return tell({ type: 'refund', id: nextId(), of, refundKopecks, voucher: voucherOf(operationId) })
    },

    async findPurchases(wanted) {
      const found = await returns.find(wanted)
      return found === 'not_a_card' ? refuse(found) : { ok: true, value: found }
    },

    previewReturn({ operationId, refundKopecks }) {
      const returned = returns.preview(operationId, refundKopecks)
      return returned ? { ok: true, value: returned } : refuse('more_than_paid')
    },

    returnPurchase({ operationId, refundKopecks, pin }) {
      const of = returns.take(operationId)
      if (!of?.whole) return refuse('not_refundable')
      if (refundKopecks !== undefined && !returns.preview(operationId, refundKopecks))
        return refuse('more_than_paid')
      const refused = of.isLate
        ? refuseUnlessDecided(pin, { noPin: 'late_return_no_pin', needed: 'late_return' })
        : null
      if (refused) return refused
      const { kopecks, voucherAfter: after } = of.whole
      const isRest = refundKopecks === undefined || refundKopecks === kopecks
      const part = isRest && of.refundedKopecks === 0 ? null : (refundKopecks ?? null)
      const voucher = voucherOf(operationId) ?? (isRest && after ? { after } : null)
      const reply = tell({ type: 'refund', id: nextId(), of, refundKopecks: part, voucher })
      if (reply.ok) returns.forget()
      return reply
    },

    retryParked({ operationId }) {
      if (!outbox.retry(operationId)) return refuse('not_parked')
      connector.wake()
      options.journalChanged()
      return done
    },

    async handOverParked({ operationId }) {
      const parked = lists.parked().find(({ id }) => id === operationId)
      if (!parked) return refuse('not_parked')
      const { id, kind, at, card, purchaseKopecks, points, code, message } = parked
      const connection = connector.current()
      const reply = await connection?.client.handOver(
        {
          ...{ id, kind, card, purchaseKopecks, points, code },
          at: toIso(at),
          message: mendText(message, 1000),
        },
        connection.signal,
      )
      if (!reply?.ok) return refuse('cloud_away', reply?.message)
      outbox.handOver(operationId)
      options.journalChanged()
      return done
    },

    async enrol({ cloudUrl, code, exchangeFolder, name = hostname(), pin }) {
      const refused = refuseUnlessOpened(pin)
      if (refused) return refused
      const before = settings.current()
      if (!before.allowsHttp && !isSafeAddress(cloudUrl)) return refuse('not_https', cloudUrl)
      // A pairing code is good for once: it is not spent where its key could not be kept.
      await settings.change({})
      // Asked now, because the journal may be closed when the cloud answers.
      const moved = await movingTo(exchangeFolder, options)
      const client = createCloudClient({ ...options, url: cloudUrl, key: null })
      const reply = await client.enrol({ code, name })
      if (!reply.ok) {
        if (['offline', 'unavailable', 'internal'].includes(reply.failure))
          return refuse('cloud_away', reply.message)
        return refuse(reply.failure === 'broken' ? 'not_a_cloud' : 'wrong_code', reply.message)
      }
      const { key, register, store } = reply.value
      await settings.change({ cloudUrl, known: null, ...moved })
      try {
        await keys.save(key)
      } catch (error) {
        // The key that is there belongs to the cloud that was there.
        await settings.hold(before).catch(() => {})
        throw error
      }
      await connector.connect()
      await options.meet1c()
      return { ok: true, value: { register: register.name, store: store.name } }
    },

    async testExchange({ folder }) {
      const problem = await testFolder(files, folder)
      return problem === null ? done : refuse('folder_not_usable', problem)
    },

    async saveSettings({ pin, newPin, exchangeFolder, preferences, display }) {
      const refused = refuseUnlessOpened(pin)
      if (refused) return refused
      if (newPin !== undefined) await settings.change({ pin: hashPin(newPin) })
      if (exchangeFolder !== undefined && exchangeFolder !== settings.current().exchangeFolder) {
        const problem = await testFolder(files, exchangeFolder)
        if (problem !== null) return refuse('folder_not_usable', problem)
        await settings.change(await movingTo(exchangeFolder, options))
        await options.meet1c()
      }
      if (preferences) await settings.change({ preferences })
      if (display !== undefined) await settings.change({ display })
      options.journalChanged()
      return done
    },

    async writeDiagnostics({ pin }) {
      const refused = refuseUnlessOpened(pin)
      if (refused) return refused
      const path = join(dataFolder, `diagnostics-${toIso(clock.now()).replaceAll(/[:.]/g, '-')}.json`)
      const text = JSON.stringify(options.diagnostics(), null, 2)
      await files.writeDurably(path, new TextEncoder().encode(text), PRIVATE)
      return { ok: true, value: { path } }
    },

    installUpdate({ pin }) {
      const refused = refuseUnlessOpened(pin)
      if (refused) return refused
      if (!options.updates) return refuse('no_updates')
      const refusal = options.updates.askNow()
      return refusal ? refuse(refusal) : done
    },
  }
}

/** Tries in the folder all that the register will do there; null when all of it works. */
async function testFolder(files: Files, folder: string): Promise<string | null> {
  const temporary = join(folder, 'kopilka-test.tmp')
  const renamed = join(folder, 'kopilka-test.txt')
  try {
    await files.writeDurably(temporary, new TextEncoder().encode('1'))
    await files.rename(temporary, renamed)
    const bytes = await files.read(renamed, 10)
    await files.remove(renamed)
    return new TextDecoder().decode(bytes) === '1' ? null : 'What was written there is not what is read.'
  } catch (error) {
    await files.remove(temporary).catch(() => {})
    return codeOf(error) ?? String(error)
  }
}
