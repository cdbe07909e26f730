import { readFile } from 'node:fs/promises'
import { InputError } from '../acts/act.ts'

/** What people write is a page of text; what is larger is another file. */
const LARGEST_BYTES = 1_000_000

/** The JSON of a file that a person wrote. */
export async function readWrittenFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new InputError(`${file} cannot be read: ${error.message}.`)
  })
  if (text.length > LARGEST_BYTES)
    throw new InputError(`${file} is larger than a megabyte: nobody has written that.`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${file} is no JSON: ${(error as Error).message}.`)
  }
}
