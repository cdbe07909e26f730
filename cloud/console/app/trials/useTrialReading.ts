import { useEffect, useState } from 'react'
import type { CampaignTrial } from '../../../../shared/console/trials.ts'
import { useReading } from '../reading.ts'

/** So many of the latest days are tried. */
export const TRIED_DAYS = 30
const EVERY_MS = 1000

/** How far a trial is, whatever is tried. */
export type Standing = Pick<CampaignTrial, 'state' | 'judged' | 'purchases' | 'problem'>

export const isOpen = (trial: Standing | null | undefined) =>
  trial?.state === 'waiting' || trial?.state === 'running'

/** What has a trial in it, asked for again and again while that goes on. */
export function useTrialReading<Reply extends { trial: Standing | null }>(
  path: string,
  programme: string | undefined,
  { isOn = true } = {},
) {
  const [isTrying, setIsTrying] = useState(false)
  const read = useReading<Reply>(path, { programme }, { isOn, everyMs: isTrying ? EVERY_MS : 0 })
  const isTrialOpen = isOpen(read.data?.trial)
  useEffect(() => setIsTrying(isTrialOpen), [isTrialOpen])
  return read
}
