import { join } from 'node:path'
import { safeStorage } from 'electron'
import { codeOf, type Files, replaceFile } from '../register/machine/files.ts'
import type { Log } from '../register/machine/log.ts'
import { type KeyStore, keyFile } from '../register/settings/keys.ts'

const LONGEST_BYTES = 10_000

/** The register's key, encrypted by the system for this user of this machine, where the system can do that. */
export function safeKeys({
  dataFolder,
  files,
  log,
}: {
  dataFolder: string
  files: Files
  log: Log
}): KeyStore {
  const path = join(dataFolder, 'key.safe')
  const plain = keyFile({ dataFolder, files })

  /** Whether it is in the safe now; then it lies nowhere else. */
  async function saveSafely(key: string): Promise<boolean> {
    try {
      if (!(await isSafe())) return false
      await replaceFile(files, path, await safeStorage.encryptStringAsync(key))
      await files.remove(join(dataFolder, 'key'))
      return true
    } catch (error) {
      log.error({ err: error, path }, 'the key cannot be encrypted')
      return false
    }
  }

  async function loadSafely(): Promise<string | null> {
    try {
      const encrypted = Buffer.from(await files.read(path, LONGEST_BYTES))
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(encrypted)
      if (shouldReEncrypt) await saveSafely(result)
      return result
    } catch (error) {
      // Another user of Windows, or a profile that was moved: the file stays, for when it is moved back.
      if (codeOf(error) !== 'ENOENT')
        log.error({ err: error, path }, 'the key cannot be decrypted: enrol the register again')
      return null
    }
  }

  return {
    async load() {
      // A plain one is newer: another shell wrote it, or we did while there was no safe.
      const unsafe = await plain.load()
      if (unsafe === null) return await loadSafely()
      await saveSafely(unsafe)
      return unsafe
    },
    async save(key) {
      if (await saveSafely(key)) return
      log.warn('this system encrypts no keys for us: the key of the register lies in a plain file')
      await plain.save(key)
    },
  }
}

/** Linux without a password store "encrypts" with a password that is public. */
async function isSafe(): Promise<boolean> {
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return false
  return await safeStorage.isAsyncEncryptionAvailable()
}
