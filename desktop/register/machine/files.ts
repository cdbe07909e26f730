import { constants, watch } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'

/** The calls of a file system that a register needs: few, so that a test can make each of them fail. */
export interface Files {
  /** Fails with ENOENT where there is no file. */
  stat(path: string): Promise<FileStat>
  /** The first bytes of a file, at most so many. */
  read(path: string, limitBytes: number): Promise<Uint8Array>
  /** The names in a folder; fails with ENOENT where there is no folder. */
  list(folder: string): Promise<string[]>
  /**
   * Creates the file, or replaces what was in it, and returns when it is on the disk. With a mode it has that one,
   * whatever it had before; without, what the system gives a new file: 1C may be another user.
   */
  writeDurably(path: string, bytes: Uint8Array, mode?: number): Promise<void>
  rename(from: string, to: string): Promise<void>
  /**
   * Ends well where no other program has the file open, and with EBUSY where one has: it may delete or rename what it
   * opened under an older name. Where the system knows no share modes a name is all there is, and ENOENT the only failure.
   */
  openAlone(path: string): Promise<void>
  remove(path: string): Promise<void>
  makeFolder(path: string): Promise<void>
  /**
   * Calls when something may have happened in the folder, with the name of the file where the system tells it. A hint:
   * it may miss, repeat or end.
   */
  watch(folder: string, onHint: (name: string | null) => void): () => void
}

interface FileStat {
  sizeBytes: number
  /** Nanoseconds: two writes of one millisecond must differ. */
  modifiedNs: bigint
}

/** The mode of files with keys or people's names: for this user of the machine alone. */
export const PRIVATE = 0o600

/** A flag of libuv for a share mode of none: it fails where others have the file open, and others fail until it is closed. */
const EXCLUSIVE = process.platform === 'win32' ? 0x1000_0000 : 0

export const openAlone = (path: string): Promise<FileHandle> => open(path, constants.O_RDONLY | EXCLUSIVE)

export const systemFiles: Files = {
  async stat(path) {
    const { size, mtimeNs } = await lstat(path, { bigint: true })
    return { sizeBytes: Number(size), modifiedNs: mtimeNs }
  },
  async read(path, limitBytes) {
    const file = await open(path, 'r')
    try {
      const bytes = new Uint8Array(limitBytes)
      let length = 0
      for (;;) {
        const { bytesRead } = await file.read(bytes, length, limitBytes - length, length)
        length += bytesRead
        if (bytesRead === 0 || length === limitBytes) return bytes.subarray(0, length)
      }
    } finally {
      await file.close()
    }
  },
  list: (folder) => readdir(folder),
  async writeDurably(path, bytes, mode) {
    const file = await open(path, 'w', mode)
    try {
      if (mode !== undefined) await file.chmod(mode)
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  },
  rename,
  async openAlone(path) {
    await (await openAlone(path)).close()
  },
  remove: (path) => rm(path, { force: true }),
  async makeFolder(path) {
    await mkdir(path, { recursive: true })
  },
  watch(folder, onHint) {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => onHint(name))
      watcher.on('error', () => watcher.close())
      return () => watcher.close()
    } catch {
      return () => {}
    }
  },
}

/** Replaces a file of our own: it has the old content or the new one, whatever happens in between. */
export async function replaceFile(files: Files, path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  await files.writeDurably(`${path}.tmp`, bytes, PRIVATE)
  await files.rename(`${path}.tmp`, path)
}

/** The code that Node gives a failure of the file system, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** 1C or an antivirus has the file open just now: ask again. */
export function isHeld(error: unknown): boolean {
  return ['EBUSY', 'EPERM', 'EACCES'].includes(codeOf(error) ?? '')
}
