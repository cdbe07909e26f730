import { useState } from 'react'
import type { Campaign } from '../../../../../shared/campaigns/campaign.ts'
import { type ActInput, useAct } from '../../acts.ts'
import { problemOf } from '../../problem.ts'

interface Wanted {
  /** Of the campaign that the form was made from. What is read again meanwhile may be of somebody else. */
  version: number | 'new'
  programme: string | undefined
}

/** Saves a campaign as the next version of what the form was made from, and once, though an answer be lost. */
export function useSaving({ version, programme }: Wanted) {
  const adding = useAct('campaign.add')
  const [follows, setFollows] = useState(version)
  // What was sent and has had no answer yet; it may be there by now.
  const [unanswered, setUnanswered] = useState<ActInput<'campaign.add'> | null>(null)
  const [savedAs, setSavedAs] = useState<string | null>(null)

  /** Whether it is there now. What was sent without an answer is asked again before anything else. */
  async function save(campaign: Campaign): Promise<boolean> {
    let version = follows
    if (unanswered) {
      const earlier = await send(unanswered)
      if (earlier === 'unknown') return false
      if (earlier !== 'refused') version = earlier
    }
    const input = { campaign, follows: version, ...(programme && { programme }) }
    return typeof (await send(input)) === 'number'
  }

  /** Answers as which version it is there. */
  async function send(input: ActInput<'campaign.add'>): Promise<number | 'unknown' | 'refused'> {
    setUnanswered(input)
    try {
      const answer = await adding.mutateAsync(input)
      setUnanswered(null)
      if (answer.status !== 'done') return 'refused'
      setFollows(answer.result.version)
      setSavedAs(answer.result.campaign)
      return answer.result.version
    } catch (error) {
      if (problemOf(error).isOpen) return 'unknown'
      setUnanswered(null)
      return 'refused'
    }
  }

  return {
    save,
    /** Under which it was sent, and stays from then on; null: under none yet. */
    name: unanswered?.campaign.name ?? savedAs,
    isPending: adding.isPending,
    error: adding.error,
  }
}
