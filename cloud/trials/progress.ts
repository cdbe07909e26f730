import type { Sql } from '../database/connect.ts'
import { noteProgress, type OpenTrial } from './trials.ts'

/** The trial was cancelled or asked anew, or the process ends. */
export class GivenUp extends Error {}

/** Writes down how far a trial is, one note at a time, and learns by that whether the trial was cancelled. */
export function createProgress(
  sql: Sql,
  trial: OpenTrial,
  { purchases, signal }: { purchases: number; signal: AbortSignal | undefined },
) {
  let isWanted = true
  let fault: unknown
  let noting: Promise<void> | null = null
  async function note(judged: number): Promise<void> {
    try {
      isWanted = await noteProgress(sql, trial, { judged, purchases })
    } catch (error) {
      fault = error
    }
    noting = null
  }
  function refuse(): void {
    if (fault !== undefined) throw fault
    if (!isWanted || signal?.aborted) throw new GivenUp()
  }
  return {
    tell(judged: number): void {
      refuse()
      noting ??= note(judged)
    },
    async end(): Promise<void> {
      await noting
      refuse()
    },
  }
}
