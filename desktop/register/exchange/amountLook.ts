import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Instant } from '../../../shared/time.ts'
import { codeOf, type Files, isHeld } from '../machine/files.ts'
import { AMOUNT_LIMIT_BYTES, type ContentProblem, decodeAmount } from './decode.ts'
import type { Amount } from './sale.ts'

export const AMOUNT_FILE = 'amount.json'

/** Why a file that is there gives no reading. */
export type AmountProblem = ContentProblem | 'held' | 'unreadable' | 'never_still'

export type Finding =
  | { state: 'folder_away'; code: string }
  | { state: 'not_yet'; problem: AmountProblem }
  | { state: 'known' }
  | { state: 'deleted'; version: string }
  | { state: 'read'; version: string; writtenAt: Instant; fingerprint: string; amount: Amount | null }

interface Question {
  files: Files
  folder: string
  /** The version that was found last: there is no need to read it again. */
  known: string | undefined
  /** Lets a writer write on. */
  wait(): Promise<void>
}

/**
 * Two looks must agree before the file is read and a third after it, so that what was read is what was seen.
 * A deletion needs two looks as well: 1C may delete the file only to write it anew.
 */
export async function findAmount({ files, folder, known, wait }: Question): Promise<Finding> {
  const seen = await look(files, folder)
  if (seen.state === 'folder_away' || seen.state === 'not_yet') return seen
  if (seen.version === known) return { state: 'known' }
  const isStill = async () => {
    const again = await look(files, folder)
    return 'version' in again && again.version === seen.version
  }
  await wait()
  if (!(await isStill())) return notYet('never_still')
  if (seen.state === 'deleted') return seen
  if (seen.sizeBytes > AMOUNT_LIMIT_BYTES) return notYet('too_large')

  const bytes = await readAmount(files, folder, seen.sizeBytes)
  if (!(bytes instanceof Uint8Array)) return bytes
  if (bytes.byteLength !== seen.sizeBytes || !(await isStill())) return notYet('never_still')
  const decoded = decodeAmount(bytes)
  if (!decoded.ok) return notYet(decoded.problem)
  const fingerprint = createHash('sha256').update(bytes).digest('hex')
  const { version, writtenAt } = seen
  return { state: 'read', version, writtenAt, fingerprint, amount: decoded.amount }
}

type Look =
  | { state: 'file'; version: string; writtenAt: Instant; sizeBytes: number }
  | Extract<Finding, { state: 'folder_away' | 'not_yet' | 'deleted' }>

async function look(files: Files, folder: string): Promise<Look> {
  try {
    const { sizeBytes, modifiedNs } = await files.stat(join(folder, AMOUNT_FILE))
    const writtenAt = Number(modifiedNs / 1_000_000n)
    return { state: 'file', version: `${sizeBytes}-${modifiedNs}`, writtenAt, sizeBytes }
  } catch (error) {
    return await explainMissing(files, folder, error)
  }
}

/** A share that is away also says ENOENT: the file is deleted only if the folder can be listed without it. */
async function explainMissing(files: Files, folder: string, error: unknown): Promise<Look> {
  try {
    const names = await files.list(folder)
    if (codeOf(error) !== 'ENOENT') return problemOf(error)
    return names.includes(AMOUNT_FILE) ? notYet('never_still') : { state: 'deleted', version: 'deleted' }
  } catch (folderError) {
    return { state: 'folder_away', code: codeOf(folderError) ?? 'UNKNOWN' }
  }
}

/** Keeps the file open as shortly as possible: on Windows 1C cannot replace a file that is open. */
async function readAmount(files: Files, folder: string, sizeBytes: number) {
  try {
    return await files.read(join(folder, AMOUNT_FILE), sizeBytes)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? notYet('never_still') : problemOf(error)
  }
}

function problemOf(error: unknown) {
  return notYet(isHeld(error) ? 'held' : 'unreadable')
}

function notYet(problem: AmountProblem) {
  return { state: 'not_yet' as const, problem }
}
