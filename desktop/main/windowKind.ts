import { join } from 'node:path'
import { z } from 'zod'
import { codeOf, type Files, replaceFile } from '../register/machine/files.ts'
import type { Log } from '../register/machine/log.ts'

export const windowKindSchema = z.enum(['kiosk', 'normal'])
export type WindowKind = z.infer<typeof windowKindSchema>

const LONGEST_BYTES = 100

/** What was said once is kept: neither Windows nor an installer that has replaced the program says it again. */
export async function rememberWindow(
  said: WindowKind | undefined,
  { dataFolder, files, log }: { dataFolder: string; files: Files; log: Log },
): Promise<WindowKind> {
  const path = join(dataFolder, 'window')
  if (said !== undefined) {
    await replaceFile(files, path, said).catch((error) => {
      log.error({ err: error, path }, 'the kind of window could not be kept: the next start will be a kiosk')
    })
    return said
  }
  const kept = await files.read(path, LONGEST_BYTES).catch((error) => {
    if (codeOf(error) !== 'ENOENT') log.error({ err: error, path }, 'the kind of window cannot be read')
    return new Uint8Array()
  })
  return windowKindSchema.catch('kiosk').parse(new TextDecoder().decode(kept).trim())
}
