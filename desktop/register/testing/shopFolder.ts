import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isHeld } from '../machine/files.ts'

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm'
const ROOM_BYTES = 1024 ** 3

/**
 * A new folder for a shop, in memory where there is room. A register waits for its disk at every step, and the tests
 * that use this end a process and never the power: for them the disk would only be slow.
 */
export async function makeShopFolder(): Promise<string> {
  const roomBytes = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  )
  const make = (folder: string) => mkdtemp(join(folder, 'kopilka-shop-'))
  return roomBytes < ROOM_BYTES ? await make(tmpdir()) : await make(MEMORY).catch(() => make(tmpdir()))
}

/**
 * Of so many deaths within this process one is played. What such a register had open stays open: under Wine a thousand of them
 * have all the files that there may be.
 */
export const DEATHS_A_DEATH = process.platform === 'win32' ? 8 : 1

/** Windows does not remove what is open, such as the journal of a register that died within this process: it stays then. */
export async function removeShopFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  } catch (error) {
    if (process.platform !== 'win32' || !isHeld(error)) throw error
  }
}
