import { lstat, rename, unlink, writeFile } from 'node:fs/promises'
import { codeOf, openAlone } from '../machine/files.ts'

/** What 1C asks of a file system: whole files, one call after the other. The other side of `Files`. */
export interface OneCFiles {
  exists(path: string): Promise<boolean>
  /** Where the system knows share modes, the file can be neither renamed nor deleted while it is read. */
  read(path: string): Promise<string>
  write(path: string, text: string): Promise<void>
  /** Replaces what is there. */
  move(from: string, to: string): Promise<void>
  /** Fails with ENOENT where there is no file. */
  remove(path: string): Promise<void>
  /** Which writing of which file lies there, without touching it; null where there is none. */
  identity(path: string): Promise<string | null>
}

export const systemOneCFiles: OneCFiles = {
  exists: (path) =>
    lstat(path).then(
      () => true,
      () => false,
    ),
  async read(path) {
    const file = await openAlone(path)
    try {
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  },
  write: (path, text) => writeFile(path, text),
  move: rename,
  remove: unlink,
  async identity(path) {
    const found = await ifThere(lstat(path, { bigint: true }))
    return found && `${found.ino} ${found.mtimeNs}`
  },
}

/** Null where the file is gone, which is an answer here and not a failure. */
export async function ifThere<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
