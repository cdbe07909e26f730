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

const memorySchema = z.object({
  /** The version that was started last, whether it ever got ready, and how often it did not. */
  version: z.string(),
  isProven: z.boolean(),
  failedStarts: z.int().min(0),
  /** The installer that was started last. */
  attempt: z.object({ version: z.string(), count: z.int(), at: z.number() }).nullable(),
  /** Versions that are not installed again, and why. */
  refused: z.record(z.string(), z.enum(['failed_starts', 'failed_installs'])),
})
type Memory = z.infer<typeof memorySchema>

/** What a start makes of what the one before left. It counts as failed until somebody says that it is ready. */
function rememberStart(before: Memory | null, version: string): Memory {
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

/** Whoever has a newer version that works need not hear of older ones that did not. */
function rememberReady(memory: Memory): Memory {
  const { version, refused } = memory
  const isStillNews = (failed: string) =>
    !isVersion(failed) || !isVersion(version) || compareVersions(failed, version) >= 0
  return {
    ...memory,
    isProven: true,
    failedStarts: 0,
    refused: Object.fromEntries(Object.entries(refused).filter(([failed]) => isStillNews(failed))),
  }
}

function rememberAttempt(memory: Memory, version: string, at: Instant): Memory {
  const count = memory.attempt?.version === version ? memory.attempt.count + 1 : 1
  return { ...memory, attempt: { version, count, at } }
}

export type UpdateMemory = Awaited<ReturnType<typeof openUpdateMemory>>

/**
 * What must be known after a crash: written before the window opens, before an installer is started, and when
 * the register is ready. Where it cannot be read or written a till must start all the same.
 */
export async function openUpdateMemory({
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
  let memory = rememberStart(await load(), version)
  await save(memory)

  async function load(): Promise<Memory | null> {
    try {
      return memorySchema.parse(JSON.parse(new TextDecoder().decode(await files.read(path, LONGEST_BYTES))))
    } catch (error) {
      if (codeOf(error) !== 'ENOENT')
        log.warn({ err: error, path }, 'what was known of updates cannot be read')
      return null
    }
  }

  async function save(next: Memory): Promise<void> {
    memory = next
    try {
      await replaceFile(files, path, JSON.stringify(next, null, 2))
    } catch (error) {
      log.error({ err: error, path }, 'what is known of updates cannot be written')
    }
  }

  return {
    /** Whoever says it again changes nothing. */
    ready: async () => {
      if (!memory.isProven) await save(rememberReady(memory))
    },
    /** Resolves with what takes it back, where the installer is not started after all. */
    async attempting(wanted: string, now: Instant): Promise<() => Promise<void>> {
      const { attempt } = memory
      await save(rememberAttempt(memory, wanted, now))
      return () => save({ ...memory, attempt })
    },
    refusalOf: (wanted: string): UpdateProblem | null => memory.refused[wanted] ?? null,
    /** A device clock may have been set back since: what lies ahead is no attempt of tonight. */
    wasTried(wanted: string, now: Instant): boolean {
      const { attempt } = memory
      return attempt?.version === wanted && Math.abs(now - attempt.at) < TRIED_FOR_MS
    },
    /** The versions that failed here, for the people who published them. */
    failures: (): { version: string; problem: UpdateProblem }[] =>
      Object.entries(memory.refused).map(([failed, problem]) => ({ version: failed, problem })),
  }
}
