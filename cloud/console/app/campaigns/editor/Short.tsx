import type { Campaign } from '../../../../../shared/campaigns/campaign.ts'
import { useFormats } from '../../format.ts'
import { saidRule } from '../../rules/rule/said.ts'
import { useSaying } from '../../rules/rule/useSaying.ts'
import { useWords } from '../../words.ts'
import { saidTime } from '../said.ts'
import { campaignWords } from '../words.ts'
import { editorWords } from './words.ts'

/** The campaign as sentences. */
export function Short({ campaign, segment }: { campaign: Campaign | null; segment: string }) {
  const texts = useWords(editorWords)
  const about = useWords(campaignWords)
  const formats = useFormats()
  const saying = useSaying()
  if (!campaign) return <p className="soft">{texts.nothingYet}</p>
  const { rules, gift, message, holdout_percent } = campaign
  return (
    <ul className="plain told">
      <li>
        <b>{segment}</b>{' '}
        <span className="soft">{holdout_percent > 0 ? about.holdout(holdout_percent) : about.nobodyOut}</span>
      </li>
      {rules.map((rule) => (
        <li key={rule.id}>{saidRule(rule, saying)}</li>
      ))}
      {gift && <li>{about.gift(formats.points(gift.points))}</li>}
      {message && <li>{about.message}</li>}
      <li>{saidTime(campaign, saying, about)}</li>
    </ul>
  )
}
