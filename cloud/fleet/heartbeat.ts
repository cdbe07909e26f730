import { z } from 'zod'
import { DAY, SECOND } from '../../shared/time.ts'

const textOrNull = z.string().nullable().catch(null)

/** A till without a battery thinks it is 1970. What is further off is nonsense, and a date that no page can show. */
const FURTHEST_MS = 100 * 365 * DAY

const updateSchema = z.object({
  state: z.string(),
  version: textOrNull,
  problem: textOrNull,
})

/** As the database has it: of an older register, or of a newer one; what cannot be read is as if not said. */
const storedSchema = z.object({
  queueDepth: z.int().catch(0),
  oldestQueuedSeconds: z
    .number()
    .max(FURTHEST_MS / SECOND)
    .nullable()
    .catch(null),
  exchange: textOrNull,
  clockOffsetMs: z.number().min(-FURTHEST_MS).max(FURTHEST_MS).nullable().catch(null),
  parked: z.int().nullable().catch(null),
  errors: z.array(z.object({ at: z.string(), text: z.string() })).catch([]),
  update: updateSchema.nullable().catch(null),
})

export type StoredHeartbeat = z.infer<typeof storedSchema>

export function readHeartbeat(stored: unknown): StoredHeartbeat | null {
  return storedSchema.safeParse(stored).data ?? null
}
