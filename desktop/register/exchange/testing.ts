import { basename, dirname, normalize } from 'node:path'
import type { Instant } from '../../../shared/time.ts'
import { type Files, systemFiles } from '../machine/files.ts'
import { failure } from '../rig/disk.ts'
import type { Clock } from '../time/clock.ts'

export { failure }

export interface FakeClock extends Clock {
  /** Lets time pass: every timer that falls due is called at its moment, and what it starts may end. */
  advance(ms: number): Promise<void>
  /** The clock on the wall is set, forward or back. */
  set(byMs: number): void
  /** The machine sleeps: the wall goes on, and so does the growing clock where it does not stand still. */
  sleep(ms: number, growing: 'goes on' | 'stands still'): void
}

export function createFakeClock(start: Instant = Date.parse('2025-12-07T10:00:00.000Z')): FakeClock {
  let elapsed = 0
  let wall = start
  const timers = new Set<{ at: number; call: () => void }>()
  // A turn of the event loop: everything that waits for no timer and no disk has ended after it.
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

  async function advance(ms: number): Promise<void> {
    const end = elapsed + ms
    await settle()
    for (;;) {
      const [next] = [...timers].sort((one, other) => one.at - other.at)
      if (!next || next.at > end) break
      timers.delete(next)
      elapsed = next.at
      next.call()
      await settle()
    }
    elapsed = end
  }

  return {
    now: () => wall + elapsed,
    elapsed: () => elapsed,
    after(ms, call) {
      const timer = { at: elapsed + ms, call }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance,
    set(byMs) {
      wall += byMs
    },
    sleep(ms, growing) {
      if (growing === 'goes on') elapsed += ms
      else wall += ms
    },
  }
}

export interface MemoryFiles extends Files {
  /** Writes as another program does, and hints at nothing. */
  /** With a time of its own where one is given, as a file system has it that tells times apart coarsely. */
  put(path: string, content: string | Uint8Array, time?: { modifiedNs: bigint }): void
  /** What is in the file; fails where there is none. */
  text(path: string): string
  /** Calls everybody who watches, as the system does that names the file, or cannot name it. */
  hint(name?: string): void
  watcherCount(): number
}

/** A disk of its own; folders exist once they are made, or are named here. Paths are written as on any system. */
export function createMemoryFiles(clock: Clock, ...folders: string[]): MemoryFiles {
  const existing = new Set(folders.map(normalize))
  const files = new Map<string, { bytes: Uint8Array; modifiedNs: bigint }>()
  const watchers = new Set<(name: string | null) => void>()
  let writings = 0n

  function put(named: string, content: string | Uint8Array, time?: { modifiedNs: bigint }) {
    const path = normalize(named)
    if (!existing.has(dirname(path))) throw failure('ENOENT')
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content.slice()
    writings += 1n
    const modifiedNs = BigInt(Math.round(clock.now())) * 1_000_000n + writings
    files.set(path, { bytes, modifiedNs, ...time })
  }

  function get(path: string) {
    const file = files.get(normalize(path))
    if (!file) throw failure('ENOENT')
    return file
  }

  return {
    async stat(path) {
      const { bytes, modifiedNs } = get(path)
      return { sizeBytes: bytes.byteLength, modifiedNs }
    },
    read: async (path, limitBytes) => get(path).bytes.slice(0, limitBytes),
    async list(folder) {
      if (!existing.has(normalize(folder))) throw failure('ENOENT')
      return [...files.keys()]
        .filter((path) => dirname(path) === normalize(folder))
        .map((path) => basename(path))
    },
    writeDurably: async (path, bytes) => put(path, bytes),
    async rename(from, to) {
      const file = get(from)
      if (!existing.has(dirname(normalize(to)))) throw failure('ENOENT')
      files.delete(normalize(from))
      files.set(normalize(to), file)
    },
    async openAlone(path) {
      get(path)
    },
    async remove(path) {
      files.delete(normalize(path))
    },
    async makeFolder(path) {
      existing.add(normalize(path))
    },
    watch(_folder, onHint) {
      const watcher = (name: string | null) => onHint(name)
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    put,
    text: (path) => new TextDecoder().decode(get(path).bytes),
    hint(name) {
      for (const watcher of watchers) watcher(name ?? null)
    },
    watcherCount: () => watchers.size,
  }
}

/** Called with the path before the operation it is named after: it may throw, or take its time. */
export type Faults = { [operation in keyof Files]?: ((path: string) => void | Promise<void>) | undefined }

/** The same files, failing as `faults` says at that moment: set and delete its hooks as the test goes on. */
export function withFaults(files: Files, faults: Faults): Files {
  return {
    async stat(path) {
      await faults.stat?.(path)
      return await files.stat(path)
    },
    async read(path, limitBytes) {
      await faults.read?.(path)
      return await files.read(path, limitBytes)
    },
    async list(folder) {
      await faults.list?.(folder)
      return await files.list(folder)
    },
    async writeDurably(path, bytes, mode) {
      await faults.writeDurably?.(path)
      await files.writeDurably(path, bytes, mode)
    },
    async rename(from, to) {
      await faults.rename?.(from)
      await files.rename(from, to)
    },
    async openAlone(path) {
      await faults.openAlone?.(path)
      await files.openAlone(path)
    },
    async remove(path) {
      await faults.remove?.(path)
      await files.remove(path)
    },
    async makeFolder(path) {
      await faults.makeFolder?.(path)
      await files.makeFolder(path)
    },
    watch(folder, onHint) {
      faults.watch?.(folder)
      return files.watch(folder, onHint)
    },
  }
}

/** The share that a folder is on, which can go away and come back. */
export function openShare(folder: string) {
  const state = { isAway: false }
  const ask = (path: string) => {
    if (state.isAway && path.startsWith(folder)) throw failure('ENOENT')
  }
  const faults = {
    ...{ list: ask, stat: ask, read: ask, rename: ask, remove: ask },
    ...{ openAlone: ask, writeDurably: ask },
  }
  return Object.assign(state, { files: withFaults(systemFiles, faults) })
}
