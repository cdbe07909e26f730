import { against } from './against.ts'
import { dryRun } from './dryRun.ts'
import { expiry } from './expiry.ts'
import type { Finding } from './findings.ts'
import { hostile } from './hostile.ts'
import { hotCard } from './hotCard.ts'
import { kiosk } from './kiosk.ts'
import type { Limit } from './limit.ts'
import { lookups } from './lookups.ts'
import type { PhaseName } from './options.ts'
import { register } from './register.ts'
import { remind } from './remind.ts'
import type { Stage } from './stage.ts'
import { batches, earns, hot, mixed, redemptions } from './throughput.ts'

type Phase = (stage: Stage, limit: Limit) => Promise<Finding[]>

/** In this order: those that are compared with the limit first, while the database is small. */
export const phases: [PhaseName, Phase][] = [
  ['earns', earns],
  ['batches', batches],
  ['redemptions', redemptions],
  ['mixed', mixed],
  ['hot', hot],
  ['against', against],
  ['register', register],
  ['kiosk', kiosk],
  ['lookups', lookups],
  ['expiry', expiry],
  ['remind', remind],
  ['hostile', hostile],
  ['hot-card', hotCard],
  ['dry-run', dryRun],
]
