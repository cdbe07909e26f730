import { basename, dirname } from 'node:path'
import type { OneCFiles } from '../exchange/oneCFiles.ts'
import { HELD_ATTEMPTS, HELD_PAUSE_MS } from '../exchange/simulatorTill.ts'
import type { Files } from '../machine/files.ts'
import type { Clock } from '../time/clock.ts'
import type { Faults } from './faults.ts'
import type { VirtualTime } from './time.ts'

const failures = new Map<string, Error>()

/** A failure of the file system as Node reports it, one of each code: where it was made costs more than all else of it, and tells nothing. */
export function failure(code: string): Error {
  const known = failures.get(code) ?? Object.assign(new Error(`${code}: injected`), { code })
  failures.set(code, known)
  return known
}

interface Node {
  bytes: Uint8Array
  /** What a loss of power leaves of it; null: nothing was ever synced. */
  synced: Uint8Array | null
  modifiedNs: bigint
  number: number
  /** Another program has it open, so that it cannot be renamed, removed or replaced. */
  heldBy: { code: 'EBUSY' | 'EPERM'; untilMs: number } | null
  /** Removed while it was open: its name is there until it is closed, and nobody can use it. */
  isLeaving: boolean
}

/** One step of the folders' own journal: all of its names change together. */
type Change = [path: string, node: Node | null][]

export type VirtualDisk = ReturnType<typeof createDisk>

const LATE_MS = 40
/** A renaming meets two files that may be held, and 1C is as patient as kopilka.bsl. */
const HELD_MS = Math.floor(((HELD_ATTEMPTS - 1) * HELD_PAUSE_MS) / 2) - HELD_PAUSE_MS
const FULL_MS = 30_000
const STEP_MS = 20

/**
 * The disk of one machine with Windows on it. Names change in the order of a journal, as on NTFS and ext4: a loss of
 * power takes the latest of what was not synced, never something from the middle. Content is there once it was synced.
 */
export function createDisk({
  time,
  clock,
  faults,
  exchangeFolder,
}: {
  time: VirtualTime
  clock: Pick<Clock, 'now'>
  faults: Faults
  /** Where 1C and the register meet: a share, whose answers may get lost. */
  exchangeFolder: string
}) {
  const folders = new Set<string>()
  const names = new Map<string, Node>()
  /** The names as they are on the platter, and what is not there yet. */
  let durable = new Map<string, Node>()
  let journal: Change[] = []
  const watchers = new Map<string, Set<(name: string) => void>>()
  const appearances = new Set<(path: string) => void>()
  let written = 0
  let fullUntilMs = 0
  let isOff = false
  let losses = 0
  let poweredUp = Promise.withResolvers<void>()

  const isFull = () => time.elapsed() < fullUntilMs
  const wait = (ms: number) => new Promise<void>((resolve) => void time.after(ms, resolve))

  function change(steps: Change): void {
    journal.push(steps)
    for (const [path, node] of steps) {
      if (node) names.set(path, node)
      else names.delete(path)
      hint(path)
    }
    for (const [path, node] of steps) if (node) for (const tell of [...appearances]) tell(path)
  }

  function hint(path: string): void {
    for (const call of watchers.get(dirname(path)) ?? []) time.after(1, () => call(basename(path)))
  }

  /** As a journal of the file system does: whatever was named before is named on the platter too. */
  function syncNames(): void {
    if (journal.length === 0) return
    for (const steps of journal) apply(durable, steps)
    journal = []
  }

  function nodeAt(path: string): Node {
    const node = names.get(path)
    if (!node) throw failure('ENOENT')
    if (node.isLeaving) throw failure('EPERM')
    return node
  }

  function assertFree(node: Node): void {
    const { heldBy } = node
    if (heldBy && time.elapsed() < heldBy.untilMs) throw failure(heldBy.code)
  }

  function write(path: string, bytes: Uint8Array, isSynced: boolean): void {
    if (!folders.has(dirname(path))) throw failure('ENOENT')
    written += 1
    const modifiedNs = BigInt(Math.round(clock.now())) * 1_000_000n + BigInt(written)
    const existing = names.get(path)
    if (existing) {
      nodeAt(path)
      assertFree(existing)
      Object.assign(existing, { bytes, modifiedNs })
      if (isSynced) existing.synced = bytes
      hint(path)
    } else {
      const synced = isSynced ? bytes : null
      change([[path, { bytes, synced, modifiedNs, number: written, heldBy: null, isLeaving: false }]])
    }
    if (isSynced) syncNames()
  }

  async function rename(from: string, to: string): Promise<void> {
    const node = nodeAt(from)
    assertFree(node)
    if (!folders.has(dirname(to))) throw failure('ENOENT')
    const replaced = names.get(to)
    if (replaced) {
      assertFree(nodeAt(to))
      const gap = 'disk: no file between the two steps of a replacement'
      if (faults.strikes(gap)) {
        change([[to, null]])
        await wait(faults.random(gap).between(1, STEP_MS))
        if (names.get(from) !== node) throw failure('ENOENT')
      }
    }
    change([
      [from, null],
      [to, node],
    ])
  }

  function remove(path: string): void {
    const node = nodeAt(path)
    assertFree(node)
    const stays = 'disk: a deleted file stays while it is open'
    if (!faults.strikes(stays)) {
      change([[path, null]])
      return
    }
    node.isLeaving = true
    time.after(faults.random(stays).between(1, LATE_MS), () => {
      if (names.get(path) === node) change([[path, null]])
    })
  }

  /** An antivirus, a backup, an indexer: it opens what was just touched, for a moment. */
  function meetOthers(path: string): void {
    const node = names.get(path)
    if (!node || node.heldBy) return
    const busy = 'disk: EBUSY, another program has the file open'
    const denied = 'disk: EPERM, no right just now'
    const hold = (code: 'EBUSY' | 'EPERM', ms: number) => {
      node.heldBy = { code, untilMs: time.elapsed() + ms }
    }
    if (faults.strikes(busy)) hold('EBUSY', faults.random(busy).between(1, HELD_MS))
    else if (faults.strikes(denied)) hold('EPERM', faults.random(denied).between(1, HELD_MS))
  }

  /** The disk under the register answers late, with an error, or takes nothing more. */
  async function perform<T>(path: string, work: () => T | Promise<T>, isWrite = false): Promise<T> {
    const late = 'disk: the answer comes late'
    const isLate = faults.strikes(late)
    const ms = isLate ? faults.random(late).between(0, LATE_MS) : 0
    const isDoneFirst = isLate && faults.random(late).chance(0.5)
    const whilePower = losses
    if (isLate && !isDoneFirst) await wait(ms)
    if (losses !== whilePower) throw failure('EIO')
    if (faults.strikes('disk: EIO')) throw failure('EIO')
    if (isWrite && isRefused()) throw failure('ENOSPC')
    meetOthers(path)
    const result = await work()
    if (isDoneFirst) await wait(ms)
    return result
  }

  function isRefused(): boolean {
    if (!isFull() && faults.strikes('disk: full'))
      fullUntilMs = time.elapsed() + faults.random('disk: full').between(1000, FULL_MS)
    return isFull()
  }

  const files: Files = {
    stat: (path) =>
      perform(path, () => {
        const { bytes, modifiedNs } = nodeAt(path)
        return { sizeBytes: bytes.byteLength, modifiedNs }
      }),
    read: (path, limitBytes) =>
      perform(path, () => {
        const node = nodeAt(path)
        assertFree(node)
        return node.bytes.slice(0, limitBytes)
      }),
    list: (folder) => perform(folder, () => namesIn(folder)),
    writeDurably: (path, bytes) => perform(path, () => write(path, bytes.slice(), true), true),
    rename: (from, to) =>
      perform(from, async () => {
        await rename(from, to)
        if (
          dirname(to) === exchangeFolder &&
          faults.strikes('share: a rename is done, and its answer is lost')
        )
          throw failure('EIO')
      }),
    openAlone: (path) => perform(path, () => assertFree(nodeAt(path))),
    remove: (path) => perform(path, () => void (names.has(path) && remove(path))),
    makeFolder: (path) => perform(path, () => void folders.add(path)),
    watch(folder, onHint) {
      const calls = watchers.get(folder) ?? new Set()
      watchers.set(folder, calls.add(onHint))
      return () => calls.delete(onHint)
    },
  }

  function namesIn(folder: string): string[] {
    if (!folders.has(folder)) throw failure('ENOENT')
    const within: string[] = []
    for (const path of names.keys()) if (dirname(path) === folder) within.push(basename(path))
    return within
  }

  /** 1C does nothing while its machine has no power, and goes on from its own database when it is back. */
  async function by1c<T>(work: () => T | Promise<T>): Promise<T> {
    await powered()
    return await work()
  }

  async function powered(): Promise<void> {
    while (isOff) await poweredUp.promise
  }

  const oneC: OneCFiles = {
    exists: (path) => by1c(() => names.has(path)),
    read: (path) =>
      by1c(() => {
        assertFree(nodeAt(path))
        return new TextDecoder().decode(nodeAt(path).bytes)
      }),
    write: (path, text) => by1c(() => write(path, new TextEncoder().encode(text), false)),
    move: (from, to) => by1c(() => rename(from, to)),
    remove: (path) => by1c(() => remove(path)),
    identity: (path) =>
      by1c(() => {
        const node = names.get(path)
        return node ? `${node.number} ${node.modifiedNs}` : null
      }),
  }

  return {
    files,
    oneC,
    folders,
    syncNames,
    isRefused,
    /** Resolves as soon as there is power. */
    powered,
    namesIn,
    contentOf: (path: string): Uint8Array | null => names.get(path)?.bytes ?? null,
    /** Calls with every path that appears, until the function it returns is called. */
    onAppearance(tell: (path: string) => void): () => void {
      appearances.add(tell)
      return () => appearances.delete(tell)
    },

    losePower(): void {
      isOff = true
      losses += 1
      fullUntilMs = 0
      if (!faults.strikes('disk: what was not synced is gone')) return
      const lost = 'disk: a rename is lost'
      const kept = faults.strikes(lost) ? faults.random(lost).int(0, journal.length) : journal.length
      for (const steps of journal.slice(0, kept)) apply(durable, steps)
      names.clear()
      for (const [path, node] of durable) names.set(path, afterLoss(node))
      durable = new Map(names)
      journal = []
    },

    restorePower(): void {
      isOff = false
      poweredUp.resolve()
      poweredUp = Promise.withResolvers()
    },

    /** Nothing fails on it any more. */
    heal(): void {
      fullUntilMs = 0
    },
  }

  function afterLoss(node: Node): Node {
    const { bytes, synced } = node
    if (bytes === synced) return { ...node, heldBy: null, isLeaving: false }
    const torn = 'disk: a write is torn'
    const left = faults.strikes(torn)
      ? bytes.slice(0, faults.random(torn).int(0, bytes.length))
      : (synced ?? new Uint8Array())
    return { ...node, bytes: left, synced: left, heldBy: null, isLeaving: false }
  }
}

function apply(names: Map<string, Node>, steps: Change): void {
  for (const [path, node] of steps) {
    if (node) names.set(path, node)
    else names.delete(path)
  }
}
