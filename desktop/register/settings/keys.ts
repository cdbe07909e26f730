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

export interface HeldKeys extends KeyStore {
  /** Uses the key at once; where it cannot be kept, until the program ends. */
  hold(key: string): Promise<void>
}

export function holdKeys(keys: KeyStore): HeldKeys {
  let held: string | null = null
  async function save(key: string): Promise<void> {
    await keys.save(key)
    held = null
  }
  return {
    load: async () => held ?? (await keys.load()),
    save,
    async hold(key) {
      held = key
      await save(key)
    },
  }
}
