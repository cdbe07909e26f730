import { join, relative } from 'node:path'
import type { Files } from '../machine/files.ts'
import { isInFolder, type Redemption } from '../outbox/redemptions.ts'
import type { Settings, SettingsFile } from '../settings/settings.ts'

/**
 * Settings for another folder of 1C, with the open redemptions whose discounts are left in the folder before. The new folder
 * cannot decide them: their own folder can, should 1C be met there again, or else a person.
 */
export async function movingTo(
  exchangeFolder: string,
  {
    settings,
    outbox,
    files,
  }: {
    settings: Pick<SettingsFile, 'current'>
    outbox: { redemptions: { open(): Redemption[] } }
    files: Files
  },
): Promise<Pick<Settings, 'exchangeFolder' | 'leftIn'>> {
  const before = settings.current()
  const leftIn: Settings['leftIn'] = {}
  for (const { id } of outbox.redemptions.open().filter(isInFolder)) {
    const folder = before.leftIn[id] ?? before.exchangeFolder
    if (!(await isOneFolder(files, folder, exchangeFolder))) leftIn[id] = folder
  }
  return { exchangeFolder, leftIn }
}

const MARK = 'kopilka-same.tmp'

/** Whether two paths, as a letter and an address of a share, are one folder: a file written by one is there by the other. */
async function isOneFolder(files: Files, one: string, other: string): Promise<boolean> {
  if (relative(one, other) === '') return true
  const isSeen = () => files.stat(join(other, MARK)).then(Boolean, () => false)
  try {
    await files.writeDurably(join(one, MARK), new TextEncoder().encode('1'))
    const hasCome = await isSeen()
    await files.remove(join(one, MARK))
    return hasCome && !(await isSeen())
  } catch {
    return false
  }
}
