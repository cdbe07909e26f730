import { open } from 'node:fs/promises'

/** Without it a power failure could undo what was renamed into this folder, after everybody was told that it is there. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}
