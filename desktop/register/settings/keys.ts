import { join } from 'node:path'
import { codeOf, type Files, replaceFile } from '../machine/files.ts'

/** Keeps the register's key; where there is a safe of the system, the shell hands one in that uses it. */
export interface KeyStore {
  load(): Promise<string | null>
  save(key: string): Promise<void>
}

/** A key in a file that only this user of the machine may read. */
export function keyFile({ dataFolder, files }: { dataFolder: string; files: Files }): KeyStore {
  const path = join(dataFolder, 'key')
  return {
    async load() {
      try {
        return new TextDecoder().decode(await files.read(path, 1000)).trim() || null
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null
        throw error
      }
    },
    save: (key) => replaceFile(files, path, key),
  }
}
