import { join } from 'node:path'
import { z } from 'zod'
import { codeOf, type Files, isHeld } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import { decodeText } from './decode.ts'

/** What 1C says in applied.json: whether the discount is in the receipt. */
const acknowledgementSchema = z.object({
  id: z.string().toLowerCase(),
  applied: z.boolean(),
  error: z.string().nullish(),
})
export type Acknowledgement = z.infer<typeof acknowledgementSchema>

const NAME = 'applied.json'
const LIMIT_BYTES = 64 * 1024

export type AcknowledgementFile = ReturnType<typeof openAcknowledgementFile>

/** Reads applied.json, in which 1C confirms a discount; a file that is not readable, or not yet, is read again later. */
export function openAcknowledgementFile({ folder, files, log }: { folder: string; files: Files; log: Log }) {
  const path = join(folder, NAME)
  let complainedOf = ''

  function complain(problem: string): null {
    if (problem !== complainedOf)
      log.warn({ problem }, 'applied.json cannot be read: does 1C write {id, applied} as JSON?')
    complainedOf = problem
    return null
  }

  return {
    async read(): Promise<Acknowledgement | null> {
      try {
        const text = decodeText(await files.read(path, LIMIT_BYTES))
        if (text === null) return complain('not_text')
        const parsed = acknowledgementSchema.safeParse(JSON.parse(text))
        return parsed.success ? parsed.data : complain('not_an_acknowledgement')
      } catch (error) {
        if (codeOf(error) === 'ENOENT' || isHeld(error)) return null
        return complain(codeOf(error) ?? 'not_json')
      }
    },

    /** To be called once the journal has the verdict. */
    async remove(): Promise<void> {
      await files
        .remove(path)
        .catch((error) => log.warn({ code: codeOf(error) }, 'applied.json could not be removed'))
    },
  }
}
