import { rm } from 'node:fs/promises'
import type { Closers } from '../../build/command/interrupt.ts'
import { makeShopFolder } from '../../desktop/register/testing/shopFolder.ts'
import { type Place, runYear, type Year, type YearOptions } from './year.ts'

/** One run, on a folder that is gone when it ends or is ended. */
export async function play(
  options: YearOptions,
  { closers, ...place }: Omit<Place, 'folder'> & { closers?: Closers } = {},
): Promise<Year> {
  const folder = await makeShopFolder()
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
  closers?.defer(remove)
  try {
    return await runYear(options, { folder, ...place })
  } finally {
    await remove()
  }
}
