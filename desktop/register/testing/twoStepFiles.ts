import { basename, dirname, normalize } from 'node:path'
import type { OneCFiles } from '../exchange/oneCFiles.ts'
import { failure } from '../exchange/testing.ts'
import type { Files } from '../machine/files.ts'
import type { Clock } from '../time/clock.ts'

type Who = 'register' | '1C'
type Access = 'read' | 'write' | 'delete'

interface Handle {
  access: readonly Access[]
  /** What the others may do meanwhile. */
  share: readonly Access[]
}

/** One file, whatever its name is just now. */
interface Entry {
  path: string
  bytes: Uint8Array
  modifiedNs: bigint
  number: number
  handles: Set<Handle>
  isDeleted: boolean
}

const ALL: readonly Access[] = ['read', 'write', 'delete']

export interface TwoStepSetting {
  clock: Clock
  folders: string[]
  /** Before a step of somebody's call: the opening of the file, what is done by the handle, its closing. */
  between?: (who: Who, step: string) => Promise<void>
  /** A deleted file loses its name when who deleted it closes it (Windows 10), or when all have (older ones, other disks). */
  deletes?: 'at own closing' | 'at last closing'
  /** Others may delete and rename what 1C reads: no program that is not made for it allows that. */
  readsOpenly?: boolean
}

export type TwoStepDisk = ReturnType<typeof createTwoStepDisk>

/**
 * A disk as Windows has it. A deletion and a renaming open the file by its name, then act by the handle on whatever
 * name the file has by then; an opening is one step, and share modes decide whether it succeeds.
 */
export function createTwoStepDisk(setting: TwoStepSetting) {
  const {
    clock,
    folders,
    between = async () => {},
    deletes = 'at own closing',
    readsOpenly = false,
  } = setting
  const existing = new Set(folders.map(normalize))
  const entries = new Map<string, Entry>()
  const watchers = new Set<{ folder: string; onHint: (name: string | null) => void }>()
  let writings = 0

  const keyOf = (path: string) => normalize(path).toLowerCase()
  const folderOf = (path: string) => dirname(normalize(path))
  const now = () => BigInt(Math.round(clock.now())) * 1_000_000n + BigInt(writings)

  function hint(path: string): void {
    for (const { folder, onHint } of watchers)
      if (folderOf(path) === normalize(folder)) onHint(basename(path))
  }

  function find(path: string): Entry {
    const entry = entries.get(keyOf(path))
    if (!entry) throw failure('ENOENT')
    return entry
  }

  function create(path: string): Entry {
    if (!existing.has(folderOf(path))) throw failure('ENOENT')
    writings += 1
    const fresh = { path, bytes: new Uint8Array(), modifiedNs: now(), number: writings }
    const entry: Entry = { ...fresh, handles: new Set(), isDeleted: false }
    entries.set(keyOf(path), entry)
    hint(path)
    return entry
  }

  function admit(entry: Entry, wanted: Handle): Handle {
    if (entry.isDeleted) throw failure('EPERM')
    for (const held of entry.handles) {
      const isRefused = wanted.access.some((access) => !held.share.includes(access))
      const doesRefuse = held.access.some((access) => !wanted.share.includes(access))
      if (isRefused || doesRefuse) throw failure('EBUSY')
    }
    entry.handles.add(wanted)
    return wanted
  }

  function close(entry: Entry, handle: Handle, hasDeleted = false): void {
    entry.handles.delete(handle)
    const losesName = deletes === 'at own closing' ? hasDeleted : entry.handles.size === 0
    if (!entry.isDeleted || !losesName || entries.get(keyOf(entry.path)) !== entry) return
    entries.delete(keyOf(entry.path))
    hint(entry.path)
  }

  /** A call of somebody: opened, done, closed, with room for the others before each of the three. */
  async function call<T>(
    who: Who,
    what: string,
    { path, access, share = ALL, isCreated = false }: CallOptions,
    act: (entry: Entry) => T,
  ): Promise<T> {
    const name = `${what} ${basename(path)}`
    await between(who, `${name}: open`)
    const entry = isCreated && !entries.has(keyOf(path)) ? create(path) : find(path)
    const handle = admit(entry, { access, share })
    try {
      await between(who, `${name}: act`)
      const result = act(entry)
      await between(who, `${name}: close`)
      return result
    } finally {
      close(entry, handle, access.includes('delete'))
    }
  }

  function rename(entry: Entry, to: string): void {
    if (entry.isDeleted) throw failure('EPERM')
    if (!existing.has(folderOf(to))) throw failure('ENOENT')
    const replaced = entries.get(keyOf(to))
    if (replaced === entry) return
    // What is replaced must not be open anywhere, not even only to look.
    if (replaced && replaced.handles.size > 0) throw failure('EPERM')
    const from = entry.path
    entries.delete(keyOf(from))
    entry.path = to
    entries.set(keyOf(to), entry)
    for (const path of [from, to]) hint(path)
  }

  function write(entry: Entry, bytes: Uint8Array): void {
    writings += 1
    entry.bytes = bytes.slice()
    entry.modifiedNs = now()
    hint(entry.path)
  }

  const remove = (entry: Entry) => {
    entry.isDeleted = true
  }

  const files: Files = {
    async stat(path) {
      await between('register', `stat ${basename(path)}`)
      const { bytes, modifiedNs } = find(path)
      return { sizeBytes: bytes.byteLength, modifiedNs }
    },
    read: (path, limitBytes) =>
      call('register', 'read', { path, access: ['read'] }, ({ bytes }) => bytes.slice(0, limitBytes)),
    async list(folder) {
      await between('register', 'list')
      if (!existing.has(normalize(folder))) throw failure('ENOENT')
      return [...entries.values()]
        .map(({ path }) => path)
        .flatMap((path) => (folderOf(path) === normalize(folder) ? [basename(path)] : []))
    },
    writeDurably: (path, bytes) =>
      call('register', 'write', { path, access: ['write'], isCreated: true }, (entry) => write(entry, bytes)),
    rename: (from, to) =>
      call('register', 'rename', { path: from, access: ['delete'] }, (entry) => rename(entry, to)),
    openAlone: (path) => call('register', 'open alone', { path, access: ['read'], share: [] }, () => {}),
    async remove(path) {
      await call('register', 'remove', { path, access: ['delete'] }, remove).catch((error) => {
        if (error.code !== 'ENOENT') throw error
      })
    },
    async makeFolder(path) {
      existing.add(normalize(path))
    },
    watch(folder, onHint) {
      const watcher = { folder, onHint }
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  }

  const oneC: OneCFiles = {
    async exists(path) {
      await between('1C', `look at ${basename(path)}`)
      return entries.has(keyOf(path))
    },
    read: (path) =>
      call(
        '1C',
        'read',
        { path, access: ['read'], share: readsOpenly ? ALL : ['read', 'write'] },
        ({ bytes }) => new TextDecoder().decode(bytes),
      ),
    write: (path, text) =>
      call('1C', 'write', { path, access: ['write'], share: ['read'], isCreated: true }, (entry) =>
        write(entry, new TextEncoder().encode(text)),
      ),
    move: (from, to) => call('1C', 'move', { path: from, access: ['delete'] }, (entry) => rename(entry, to)),
    remove: (path) => call('1C', 'remove', { path, access: ['delete'] }, remove),
    async identity(path) {
      const entry = entries.get(keyOf(path))
      return entry ? `${entry.number} ${entry.modifiedNs}` : null
    },
  }

  return {
    files,
    oneC,
    /** As an antivirus opens a file: nobody else can, until the function it returns is called. */
    hold(path: string): () => void {
      const entry = find(path)
      const handle = admit(entry, { access: ['read'], share: [] })
      return () => close(entry, handle)
    },
    /** What is in the file, or null where there is none. */
    text(path: string): string | null {
      const entry = entries.get(keyOf(path))
      return entry ? new TextDecoder().decode(entry.bytes) : null
    },
    put(path: string, text: string): void {
      write(entries.get(keyOf(path)) ?? create(path), new TextEncoder().encode(text))
    },
  }
}

interface CallOptions {
  path: string
  access: readonly Access[]
  share?: readonly Access[]
  isCreated?: boolean
}

/** The same calls on the disk where the path lies: the exchange folder on one, everything else on the other. */
export function filesByFolder(folder: string, inside: Files, outside: Files): Files {
  const of = (path: string) => ([path, dirname(path)].includes(folder) ? inside : outside)
  return {
    stat: (path) => of(path).stat(path),
    read: (path, limitBytes) => of(path).read(path, limitBytes),
    list: (path) => of(path).list(path),
    writeDurably: (path, bytes, mode) => of(path).writeDurably(path, bytes, mode),
    rename: (from, to) => of(from).rename(from, to),
    openAlone: (path) => of(path).openAlone(path),
    remove: (path) => of(path).remove(path),
    makeFolder: (path) => of(path).makeFolder(path),
    watch: (path, onHint) => of(path).watch(path, onHint),
  }
}
