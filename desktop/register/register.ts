import { join } from 'node:path'
import type { ExchangeState, Notice, RegisterApi, Snapshot } from '../../shared/bridge.ts'
import { isSafeAddress } from '../../shared/cloudAddress.ts'
import { newId } from '../../shared/id.ts'
import type { HeardOutcome } from '../../shared/operation.ts'
import { defaultProgramme } from '../../shared/programme.ts'
import { bookAt } from '../../shared/rules/book.ts'
import { type Said, takeWord } from './commandLine/keep.ts'
import { findCustomer } from './customers/findCustomer.ts'
import { diagnosticsOf } from './fleet/diagnostics.ts'
import { beatOf } from './fleet/heartbeat.ts'
import { rememberErrors } from './fleet/latestErrors.ts'
import type { OpenDatabase } from './machine/database.ts'
import { closeDataFolder, makeDataFolder } from './machine/dataFolder.ts'
import { diskFailureOf, watchDisk } from './machine/diskWatch.ts'
import type { Files } from './machine/files.ts'
import type { Log } from './machine/log.ts'
import { openJournal } from './outbox/open.ts'
import { createOutbox } from './outbox/outbox.ts'
import { openLists } from './outbox/recent.ts'
import { commit } from './sale/commit.ts'
import { createSaleWatch } from './sale/saleWatch.ts'
import { createCommands } from './screen/commands.ts'
import { type Lists, snapshotOf } from './screen/snapshot.ts'
import type { World } from './session/offer.ts'
import type { Effect, Event } from './session/state.ts'
import { createSessionStore } from './session/store.ts'
import type { KeyStore } from './settings/keys.ts'
import { booksOf, openSettings } from './settings/settings.ts'
import { openStation, type Station } from './station.ts'
import type { RegisterReply } from './sync/client.ts'
import { type Connection, openConnection } from './sync/connection.ts'
import type { LineState } from './sync/line.ts'
import type { Clock } from './time/clock.ts'
import { createCloudTime } from './time/cloudTime.ts'
import { isFree } from './updates/free.ts'
import { reportOf, type Updates } from './updates/updates.ts'

export interface RegisterOptions {
  dataFolder: string
  /** What the command line says, over what was kept. */
  said?: Said
  keys: KeyStore
  files: Files
  openDatabase?: OpenDatabase
  clock: Clock
  fetch: typeof globalThis.fetch
  /** From 0 up to 1. */
  random: () => number
  log: Log
  version: string
  /** How long a discount is offered to 1C. */
  takeMs?: number
  /** What keeps this program current, where something does. */
  updates?: Updates | undefined
}

export type Register = RegisterApi & {
  /** Nobody is at work here, so that this program may end. */
  isFree(): boolean
  stop(): Promise<void>
}

const refuseHttp: typeof globalThis.fetch = async () => {
  throw new Error('the address of the cloud is not https, and --insecure was never said')
}

const TAKE_MS = 5000
const RECENT_SHOWN = 20
const WAITING_SHOWN = 50
const HANDED_OVER_SHOWN = 20

/**
 * One till: the folder where it meets 1C, its journal, its line to the cloud, and what its screen shows. The journal
 * is the lock of the data folder: before it is ours, nothing in there is written.
 */
export async function openRegister(given: RegisterOptions): Promise<Register> {
  const { dataFolder, clock } = given
  makeDataFolder(dataFolder)
  const opened = openJournal(join(dataFolder, 'outbox.sqlite'), clock.now(), given.openDatabase)
  try {
    closeDataFolder(dataFolder, given.log)
    return await runRegister(given, opened)
  } catch (error) {
    opened.journal.close()
    throw error
  }
}

async function runRegister(
  given: RegisterOptions,
  { journal, setAside }: ReturnType<typeof openJournal>,
): Promise<Register> {
  const memory = rememberErrors(given.log, given.clock)
  const { log } = memory
  const { dataFolder, clock, version, updates, takeMs = TAKE_MS } = given
  const time = createCloudTime(clock)
  const disk = watchDisk({ clock, log, tryWriting, onChange: diskChanged })
  const files = given.files
  const settings = disk.telling(openSettings({ dataFolder, files, log }))
  const lists = disk.telling(openLists(journal, clock))
  const opened = createOutbox(journal, {
    clock,
    time,
    isAttended: (id) => isProcessing(id),
  })
  const outbox = { ...disk.telling(opened), redemptions: disk.telling(opened.redemptions) }
  const notices: Notice[] = []
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let connection: Connection | null = null
  let station: Station | null = null
  let exchange: ExchangeState = { state: 'away', problem: null }
  let is1cHeard = false
  let isPushDue = false
  /** The journal is closed: it is neither read nor written, and nobody is told of anything any more. */
  let isOver = false
  let writings = 0
  let watchedSale = { id: null as number | null, atMs: clock.elapsed() }
  let areListsStale = true
  let isJournalRead = true
  let read = {
    lists: { recent: [], waiting: [], parked: [], handedOver: [] } as Lists,
    depth: { queued: 0, oldestAt: null, parked: 0 } as ReturnType<typeof outbox.depth>,
  }

  const session = createSessionStore({ clock, world, perform, onChange: changed })
  const dispatch = session.dispatch
  const sales = createSaleWatch({
    session: session.get,
    dispatch,
    isFinished: lists.isFinished,
    rename: lists.renameSale,
  })

  function world(): World {
    const { known } = settings.current()
    const now = time.guess()
    return {
      settings: known?.programme ?? defaultProgramme,
      operationFields: known?.operationFields ?? [],
      book: bookAt(booksOf(known), now),
      storeId: known?.store.id ?? null,
      now,
      isOnline: connection?.state().line === 'online',
      isExchangeReady: exchange.state !== 'away',
      isExchangeWritable: exchange.state !== 'unwritable',
      hasOpenRedemption: station?.runner.hasOpen() ?? false,
    }
  }

  function isProcessing(id: string): boolean {
    const { act } = session.get()
    return act?.type === 'processing' && act.operationId === id
  }

  /** What an event has led to is there already: one consequence that fails must not keep the others from coming. */
  function perform(effect: Effect): void {
    try {
      performOne(effect)
    } catch (error) {
      log.error({ err: error, effect: effect.type }, 'what was to be done about an event failed')
    }
  }

  function performOne(effect: Effect): void {
    switch (effect.type) {
      case 'find':
        find(effect, dispatch)
        break
      case 'commit_earn':
      case 'commit_redeem':
      case 'commit_refund':
        performCommit(effect)
        break
      case 'be_patient': {
        const { id, stage, ms } = effect
        session.dispatchAfter(ms, { type: 'patience_over', id, stage })
        break
      }
      case 'withdraw':
        station?.runner.withdraw(effect.id, effect.code)
        connection?.wake()
        journalChanged()
        break
      case 'clear_discount':
        station?.clearDiscount()
        break
    }
  }

  function find(asked: { searchId: number; code: string }, tell: (event: Event) => void): void {
    const codeKey = settings.current().known?.codeKey ?? null
    findCustomer(asked, { connection, codeKey, time, tell }).catch((error) => {
      log.error({ err: error }, 'a look-up failed')
      tell({ type: 'not_found', searchId: asked.searchId, reason: 'cloud_away' })
    })
  }

  function performCommit(effect: Parameters<typeof commit>[2]): void {
    try {
      commit(outbox, world(), effect)
    } catch (error) {
      log.error({ err: error }, 'the journal did not take an operation; nothing was done')
      const code = diskFailureOf(error) === null ? 'failed' : 'not_written'
      dispatch({ type: 'commit_failed', id: effect.id, code })
      return
    }
    connection?.wake()
    dispatch({ type: 'committed', id: effect.id })
    journalChanged()
  }

  function settle(outcomes: HeardOutcome[]): void {
    for (const { id, kind, reference, state, outcome } of outbox.settle(outcomes)) {
      if (kind === 'redeem' && state === 'accepted') station?.runner.offer(id)
      dispatch({ type: 'outcome', id, outcome })
      if (kind === 'apply' && reference) dispatch({ type: 'applied', redeemId: reference, outcome })
      if (outcome.status === 'refused') {
        const { code, message, details } = outcome
        log.warn({ id, kind, state, code, details }, message)
      } else {
        const { earned, spent, replay } = outcome
        log.info({ id, kind, earned, spent, replay }, 'the ledger accepted an operation')
      }
    }
    journalChanged()
  }

  /** What the lists show, and which sale is open, follow from the journal. */
  function journalChanged(): void {
    areListsStale = true
    try {
      sales.reconsider()
    } catch (error) {
      // Whoever brings the news has more to do, and the next news asks again.
      log.error({ err: error }, 'the journal does not say which sale is open')
    }
    changed()
  }

  function changed(): void {
    const { sale } = session.get()
    if ((sale?.id ?? null) !== watchedSale.id) watchedSale = { id: sale?.id ?? null, atMs: clock.elapsed() }
    if (isPushDue) return
    isPushDue = true
    queueMicrotask(() => {
      isPushDue = false
      if (isOver || listeners.size === 0) return
      const now = snapshot()
      for (const listener of listeners) tellOne(listener, now)
    })
  }

  function tellOne(listener: (snapshot: Snapshot) => void, now: Snapshot): void {
    try {
      listener(now)
    } catch (error) {
      log.error({ err: error }, 'a screen could not be told of a change')
    }
  }

  function readLists(): Lists {
    return {
      recent: lists.recent(RECENT_SHOWN),
      waiting: lists.waiting(WAITING_SHOWN),
      parked: lists.parked(),
      handedOver: lists.handedOver(HANDED_OVER_SHOWN),
    }
  }

  /** A journal that cannot be read just now is shown as it was read last: a screen is there in any case. */
  function readJournal(): typeof read {
    if (isOver) return read
    try {
      read = { lists: areListsStale ? readLists() : read.lists, depth: outbox.depth() }
      areListsStale = false
      isJournalRead = true
    } catch (error) {
      if (isJournalRead) log.error({ err: error }, 'the journal cannot be read for the screen')
      isJournalRead = false
    }
    return read
  }

  function snapshot(): Snapshot {
    const { lists, depth } = readJournal()
    return snapshotOf({
      version,
      session: session.get(),
      world: world(),
      settings: settings.current(),
      exchange,
      is1cHeard,
      line: connection?.state() ?? null,
      depth,
      update: updates?.state() ?? null,
      notices: [...notices],
      lists,
    })
  }

  const diagnostics = () => diagnosticsOf({ snapshot: snapshot(), outbox, errors: memory.latest() })

  function notice(code: Notice['code'], text: string): void {
    notices.push({ code, at: clock.now(), text })
    changed()
  }

  function noticeOver(code: Notice['code']): void {
    const at = notices.findIndex((notice) => notice.code === code)
    if (at >= 0) notices.splice(at, 1)
    changed()
  }

  /** What could not be kept meanwhile is kept by it too. */
  async function tryWriting(): Promise<void> {
    outbox.tryWriting()
    await settings.hold({})
  }

  function diskChanged(failure: string | null): void {
    if (failure === null) noticeOver('disk_failing')
    else notice('disk_failing', failure)
    if (failure === null) connection?.wake()
  }

  function known({ serverTime: _, toSettle, ...reply }: RegisterReply): void {
    for (const { id, points } of toSettle) {
      if (!outbox.redemptions.find(id))
        log.error(
          { redemption: id, points },
          'the cloud holds points for a redemption that this journal does not know: a person must settle it',
        )
    }
    if (JSON.stringify(reply) === JSON.stringify(settings.current().known)) return
    settings
      .hold({ known: reply })
      .catch((error) => log.error({ err: error }, 'the settings could not be saved'))
      .then(changed)
    changed()
  }

  /** The names of these people are not here any more; what became of their points is. */
  function forget(cards: 'all' | string[]): void {
    if (outbox.forgetNames(cards)) journalChanged()
    dispatch({ type: 'forget', cards })
  }

  /** Begins to speak with the cloud, or begins anew after an enrolment. */
  async function connect(): Promise<void> {
    await connection?.stop()
    connection = null
    const { cloudUrl: url } = settings.current()
    const key = await keys.load().catch((error) => {
      log.error({ err: error }, 'the key cannot be read: enrol the register again')
      return null
    })
    if (url === null || key === null) return
    const isAllowed = settings.current().allowsHttp || isSafeAddress(url)
    noticeOver('cloud_not_https')
    if (!isAllowed) notice('cloud_not_https', url)
    connection = openConnection({
      ...options,
      time,
      // The journal takes what is sold; what would be sent waits until somebody has said that it may.
      ...(!isAllowed && { fetch: refuseHttp }),
      url,
      key,
      onFailure: disk.told,
      queue: {
        next: outbox.next,
        settle,
        reject: (id, why) =>
          settle([{ id, kind: null, status: 'refused', replay: false, details: {}, ...why }]),
        depth: outbox.depth,
      },
      beat: () => beatOf({ exchange, errors: memory.latest(), update: reportOf(updates) }),
      diagnostics,
      onRegister: known,
      onErased: forget,
      onRevoked: () => forget('all'),
      onState: lineMoved,
    })
  }

  /**
   * A customer known from the copy is asked for again when the cloud is back: then points can be spent. By card,
   * because the code they showed was live when they showed it.
   */
  function lineMoved({ line }: LineState): void {
    const { latest, customer, act } = session.get()
    if (line === 'online' && customer && customer.source !== 'cloud' && latest && !act) {
      find({ searchId: latest.id, code: customer.card }, (event) => {
        if (session.get().customer?.card === customer.card) dispatch(event)
      })
    }
    changed()
  }

  /** Begins to meet 1C, or begins anew in another folder. */
  async function meet1c(): Promise<void> {
    await station?.stop()
    is1cHeard = false
    sales.read(null)
    station = await openStation({
      ...options,
      folder: settings.current().exchangeFolder,
      evidenceFolder: dataFolder,
      outbox,
      takeMs,
      onAmount(reading) {
        is1cHeard ||= reading !== null
        sales.read(reading)
      },
      onNews(news) {
        is1cHeard ||= news.type === 'taken' || news.type === 'confirming'
        if (news.type === 'taken' || news.type === 'withdrawn') connection?.wake()
        dispatch(news)
        journalChanged()
      },
      onState(state) {
        exchange = state
        changed()
      },
      onOrphan: (name) => notice('orphan_removed', name),
    })
  }

  const keys = disk.telling(await takeWord(given.said ?? {}, { settings, keys: given.keys, files, log }))
  const options = { ...given, log, keys }
  if (setAside) {
    log.error(
      { setAside },
      'the journal was damaged and set aside: what was not sent is in there, keep the file',
    )
    notice('journal_set_aside', setAside)
  }
  for (const { version: failed } of updates?.failures() ?? []) notice('version_failed', failed)
  updates?.subscribe(changed)
  await meet1c()
  await connect()

  return {
    ...createCommands({
      ...options,
      settings,
      dispatch,
      newId: () => newId(clock.now()),
      lists,
      outbox,
      diagnostics,
      connection: () => connection,
      isOver: () => isOver,
      journalChanged,
      connect,
      meet1c,
      onWriting(isWriting) {
        writings += isWriting ? 1 : -1
      },
    }),
    snapshot,
    isFree: () =>
      isOver ||
      isFree({
        session: session.get(),
        saleAgeMs: clock.elapsed() - watchedSale.atMs,
        hasOpenRedemption: outbox.redemptions.isAnyUnderWay() || world().hasOpenRedemption,
        isWriting: writings > 0 || settings.isWriting(),
      }),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      disk.stop()
      await station?.stop()
      await connection?.stop()
      // What the cloud said last may be on its way to the disk, and whoever stops us may then end the process.
      await settings.written()
      // Last, because the end of an offer is news that starts a wait of its own.
      session.stop()
      isOver = true
      outbox.close()
    },
  }
}
