import { join } from 'node:path'
import { z } from 'zod'
import { type Instant, MINUTE } from '../../../shared/time.ts'
import type { UpdateProblem } from '../../../shared/update.ts'
import { compareVersions, isVersion } from '../../../shared/version.ts'
import { codeOf, type Files, replaceFile } from '../../register/machine/files.ts'
import type { Log } from '../../register/machine/log.ts'

const FAILURES = 3
/** One attempt a night, unless IT asks. */
const TRIED_FOR_MS = 12 * 60 * MINUTE
const LONGEST_BYTES = 10_000

const recordSchema = z.object({
  /** The version that was started last, whether it ever got ready, and how often it did not. */
  version: z.string(),
  isProven: z.boolean(),
  failedStarts: z.int().min(0),
  /** The installer that was started last. */
  attempt: z.object({ version: z.string(), count: z.int(), at: z.number() }).nullable(),
  /** Versions that are not installed again, and why. */
  refused: z.record(z.string(), z.enum(['failed_starts', 'failed_installs'])),
})
type UpdateRecordFile = z.infer<typeof recordSchema>

/** The record at a start, from what the start before left. A start counts as failed until the screen is ready. */
function recordStart(before: UpdateRecordFile | null, version: string): UpdateRecordFile {
  if (before?.version !== version) {
    const isArrived = before?.attempt?.version === version
    const attempt = isArrived ? null : (before?.attempt ?? null)
    return { version, isProven: false, failedStarts: 1, attempt, refused: before?.refused ?? {} }
  }
  const refused = { ...before.refused }
  if (!before.isProven && before.failedStarts >= FAILURES) refused[version] = 'failed_starts'
  // The installer was started, and what it should have replaced is here again.
  const { attempt } = before
  if (attempt && attempt.count >= FAILURES) refused[attempt.version] = 'failed_installs'
  return { ...before, refused, failedStarts: before.isProven ? 0 : before.failedStarts + 1 }
}

/** A register on a version that works keeps no failures of older ones. */
function recordReady(record: UpdateRecordFile): UpdateRecordFile {
  const { version, refused } = record
  const isStillNews = (failed: string) =>
    !isVersion(failed) || !isVersion(version) || compareVersions(failed, version) >= 0
  return {
    ...record,
    isProven: true,
    failedStarts: 0,
    refused: Object.fromEntries(Object.entries(refused).filter(([failed]) => isStillNews(failed))),
  }
}

function recordAttempt(record: UpdateRecordFile, version: string, at: Instant): UpdateRecordFile {
  const count = record.attempt?.version === version ? record.attempt.count + 1 : 1
  return { ...record, attempt: { version, count, at } }
}

export type UpdateRecord = Awaited<ReturnType<typeof openUpdateRecord>>

/**
 * What must be known after a crash: written before the window opens, before an installer is started, and when
 * the register is ready. Where it cannot be read or written a till must start all the same.
 */
export async function openUpdateRecord({
  dataFolder,
  files,
  log,
  version,
}: {
  dataFolder: string
  files: Files
  log: Log
  version: string
}) {
  const path = join(dataFolder, 'updates.json')
  let record = recordStart(await load(), version)
  await save(record)

  async function load(): Promise<UpdateRecordFile | null> {
    try {
      return recordSchema.parse(JSON.parse(new TextDecoder().decode(await files.read(path, LONGEST_BYTES))))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT')
        log.warn({ err: error, path }, 'what was known of updates cannot be read')
      return null
    }
  }

  async function save(next: UpdateRecordFile): Promise<void> {
    record = next
    try {
      await replaceFile(files, path, JSON.stringify(next, null, 2))
    } catch (error) {
      log.error({ err: error, path }, 'what is known of updates cannot be written')
    }
  }

  return {
    /** Called again, it changes nothing. */
    ready: async () => {
      if (!record.isProven) await save(recordReady(record))
    },
    /** Resolves with what takes it back, where the installer is not started after all. */
    async attempting(wanted: string, now: Instant): Promise<() => Promise<void>> {
      const { attempt } = record
      await save(recordAttempt(record, wanted, now))
      return () => save({ ...record, attempt })
    },
    refusalOf: (wanted: string): UpdateProblem | null => record.refused[wanted] ?? null,
    /** A device clock may have been set back since: what lies ahead is no attempt of tonight. */
    wasTried(wanted: string, now: Instant): boolean {
      const { attempt } = record
      return attempt?.version === wanted && Math.abs(now - attempt.at) < TRIED_FOR_MS
    },
    /** The versions that failed here, for the people who published them. */
    failures: (): { version: string; problem: UpdateProblem }[] =>
      Object.entries(record.refused).map(([failed, problem]) => ({ version: failed, problem })),
  }
}
