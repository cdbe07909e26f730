import { join } from 'node:path'
import { z } from 'zod'
import { codeOf, type Files, replaceFile } from '../register/machine/files.ts'
import type { Log } from '../register/machine/log.ts'
import type { Dock } from './companion.ts'

export const windowKindSchema = z.enum(['kiosk', 'normal', 'companion-left', 'companion-right'])
export type WindowKind = z.infer<typeof windowKindSchema>

/** The edge of the screen where a window beside 1C stands; null where it is none. */
export function dockOf(kind: WindowKind): Dock | null {
  if (kind === 'companion-left') return 'left'
  return kind === 'companion-right' ? 'right' : null
}

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
