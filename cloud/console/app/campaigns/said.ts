import { type Saying, saidSpan } from '../rules/rule/said.ts'

/** From when until when it runs; a campaign always says something of it. */
export const saidTime = (
  { from, until }: { from?: string | null | undefined; until?: string | null | undefined },
  saying: Saying,
  { always }: { always: string },
): string => saidSpan({ ...(from && { from }), ...(until && { until }) }, saying) || always
