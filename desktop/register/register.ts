import { join } from 'node:path'
import type { RegisterApi, Snapshot } from '../../shared/bridge.ts'
import type { Instant } from '../../shared/time.ts'
import { type CommandLine, keepCommandLine } from './commandLine/keep.ts'
import { createLookUps } from './customers/lookUps.ts'
import { diagnosticsOf } from './fleet/diagnostics.ts'
import { heartbeatOf } from './fleet/heartbeat.ts'
import { rememberErrors } from './fleet/latestErrors.ts'
import { createJoins } from './joins/joins.ts'
import type { OpenDatabase } from './machine/database.ts'
import { closeDataFolder, makeDataFolder } from './machine/dataFolder.ts'
import { watchDisk } from './machine/diskWatch.ts'
import type { Files } from './machine/files.ts'
import type { Log } from './machine/log.ts'
import { openJournal } from './outbox/open.ts'
import { createOutbox } from './outbox/outbox.ts'
import { openLists } from './outbox/recent.ts'
import { createReturns } from './returns/returns.ts'
import { createAnsweredQueue } from './sale/answeredQueue.ts'
import { createEffects } from './sale/effects.ts'
import { createItemsHint } from './sale/itemsHint.ts'
import { createSaleWatch } from './sale/saleWatch.ts'
import { createCommands } from './screen/commands.ts'
import type { DisplayLink } from './screen/display.ts'
import { createJournalView } from './screen/journalView.ts'
import { createNotices } from './screen/notices.ts'
import { createScreens } from './screen/screens.ts'
import { snapshotOf } from './screen/snapshot.ts'
import type { Effect } from './session/state.ts'
import { createSessionStore } from './session/store.ts'
import { worldOf } from './session/world.ts'
import { holdKeys, type KeyStore } from './settings/keys.ts'
import { openSettings } from './settings/settings.ts'
import { createStation } from './station.ts'
import { createConnector } from './sync/connector.ts'
import { takeRegisterReply } from './sync/registerReply.ts'
import type { Clock } from './time/clock.ts'
import { createCloudTime } from './time/cloudTime.ts'
import { isFree } from './updates/free.ts'
import { reportOf, type Updates } from './updates/updates.ts'

export interface RegisterOptions {
  dataFolder: string
  /** What the command line says, over what was kept. */
  commandLine?: CommandLine
  keys: KeyStore
  files: Files
  openDatabase?: OpenDatabase
  clock: Clock
  fetch: typeof globalThis.fetch
  /** From 0 up to 1. */
  random: () => number
  /** Names operations; in life by chance that nobody decides. */
  newId?: ((now: Instant) => string) | undefined
  log: Log
  version: string
  /** How long a discount is offered to 1C. */
  takeMs?: number
  /** What keeps this program current, where something does. */
  updates?: Updates | undefined
  /** What shows the customer their side, where something does. */
  display?: DisplayLink | undefined
}

export type Register = RegisterApi & {
  /** No sale, no redemption and no writing is under way: this program may end. */
  isFree(): boolean
  stop(): Promise<void>
}

const SET_ASIDE = 'the journal was damaged and set aside: what was not sent is in there, keep the file'

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

/** What a register is made of, in the order in which it is put together, begun and ended. */
async function runRegister(
  given: RegisterOptions,
  { journal, setAside }: ReturnType<typeof openJournal>,
): Promise<Register> {
  const { clock, updates, display } = given
  const errors = rememberErrors(given.log, clock)
  const { log } = errors
  let isOver = false

  // What is kept on the disk, and the alert where the disk does not take it.
  const time = createCloudTime(clock)
  const disk = watchDisk({ clock, log, tryWriting, onChange: diskChanged })
  const settings = disk.telling(openSettings({ ...given, log }))
  const keys = disk.telling(holdKeys(given.keys))
  const lists = disk.telling(openLists(journal, { now: time.guess }))
  const opened = createOutbox(journal, { ...given, time, isAttended: (id) => session.isAttended(id) })
  const outbox = { ...disk.telling(opened), redemptions: disk.telling(opened.redemptions) }
  const common = { ...given, log, time, settings, keys, lists, outbox }

  // What the cashier and the customer are about, and what follows from it.
  const world = () => worldOf({ ...common, connector, station, journalView })
  const perform = (effect: Effect) => effects.perform(effect)
  const session = createSessionStore({ clock, world, perform, onChange: changed })
  const sales = createSaleWatch({ ...common, session, world })
  const connection = () => connector.current()
  const lookUps = createLookUps({ ...common, session, connection })
  const returns = createReturns({ ...common, connection })
  const joins = createJoins({
    ...{ clock, settings, session, connection },
    isDisplayShown: () => display?.state().state === 'shown',
    onChange: changed,
  })

  // Where 1C is met.
  let is1cHeard = false
  const station = createStation({
    ...common,
    onAmount(reading) {
      is1cHeard ||= reading !== null
      tellOfItems(reading)
      sales.read(reading)
    },
    onEvent(event) {
      is1cHeard ||= event.type === 'taken' || event.type === 'confirming'
      if (event.type === 'taken' || event.type === 'withdrawn') wake()
      session.dispatch(event)
      journalChanged()
    },
    onChange() {
      sales.exchangeChanged()
      changed()
    },
    onOrphan: (name) => notices.add('orphan_removed', name),
    isElsewhere: (redeemId) => redeemId in settings.current().leftIn,
  })
  const meet1c = async () => {
    is1cHeard = false
    await station.open(settings.current().exchangeFolder)
  }

  // The connection to the cloud.
  const connector = createConnector({
    ...common,
    queue: createAnsweredQueue({ ...common, session, station, journalChanged }),
    heartbeat: () =>
      heartbeatOf({ exchange: station.state(), errors: errors.latest(), update: reportOf(updates) }),
    diagnostics,
    onFailure: disk.told,
    onNotHttps: (url) => notices.set('cloud_not_https', url),
    onRegister: (reply) => takeRegisterReply(reply, { ...common, onChange: changed }),
    onErased: forget,
    onRevoked: () => forget('all'),
    onChange(state) {
      lookUps.lineMoved(state)
      changed()
    },
  })
  const { connect, wake } = connector
  const effects = createEffects({ ...common, session, station, lookUps, world, wake, journalChanged })

  // What a screen is shown, and may ask.
  const notices = createNotices({ clock, onChange: changed })
  const tellOfItems = createItemsHint({ notices, log })
  const journalView = createJournalView(common)
  const screens = createScreens({ snapshot, log })
  const commands = createCommands({
    ...{ ...common, returns, joins, session, connector, meet1c, diagnostics, journalChanged },
  })

  function snapshot(): Snapshot {
    return snapshotOf({
      version: given.version,
      session: session.get(),
      world: world(),
      settings: settings.current(),
      exchange: station.state(),
      is1cHeard,
      line: connection()?.state() ?? null,
      update: updates?.state() ?? null,
      display: display?.state() ?? null,
      notices: notices.all(),
      joined: joins.current(),
      ...journalView.current(),
    })
  }

  function diagnostics(): object {
    return diagnosticsOf({ snapshot: snapshot(), outbox, errors: errors.latest() })
  }

  function changed(): void {
    joins.reconsider()
    screens.changed()
  }

  /** What the lists show, and which sale is open, follow from the journal. */
  function journalChanged(): void {
    journalView.changed()
    sales.reconsider()
    changed()
  }

  /** Erases the names of these customers from the journal and the screen; their cards and sums stay. */
  function forget(cards: 'all' | string[]): void {
    if (outbox.forgetNames(cards)) journalChanged()
    joins.forget(cards)
    session.dispatch({ type: 'forget', cards })
  }

  /** Settings that could not be kept meanwhile are kept by it too. */
  async function tryWriting(): Promise<void> {
    outbox.tryWriting()
    await settings.hold({})
  }

  function diskChanged(failure: string | null): void {
    notices.set('disk_failing', failure)
    if (failure === null) wake()
  }

  await keepCommandLine(given.commandLine ?? {}, { ...common, station })
  if (setAside) {
    log.error({ setAside }, SET_ASIDE)
    notices.add('journal_set_aside', setAside)
  }
  for (const { version: failed } of updates?.failures() ?? []) notices.add('version_failed', failed)
  updates?.subscribe(changed)
  display?.subscribe(changed)
  await meet1c()
  await connect()

  return {
    ...commands.commands,
    snapshot,
    subscribe: screens.subscribe,
    isFree: () =>
      isOver ||
      isFree({
        session: session.get(),
        saleAgeMs: session.saleAgeMs(),
        hasOpenRedemption:
          outbox.redemptions.isAnyUnderWay(Object.keys(settings.current().leftIn)) ||
          station.hasOpenRedemption(),
        isWriting: commands.isWriting() || settings.isWriting(),
      }),
    async stop() {
      disk.stop()
      joins.stop()
      await station.stop()
      await connector.stop()
      // What the cloud said last may be on its way to the disk, and the process may end when this resolves.
      await settings.written()
      // After the station, because the end of an offer starts a wait of the session.
      session.stop()
      isOver = true
      for (const part of [commands, screens, journalView]) part.close()
      outbox.close()
    },
  }
}
