import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CampaignReply } from '../../../../shared/console/campaigns.ts'
import { ask } from '../api.ts'
import { usePlace } from '../kit/place.ts'
import { useSession } from '../session.ts'
import { TRIED_DAYS, useTrialReading } from '../trials/useTrialReading.ts'

const pathOf = (name: string) => `/v1/console/campaigns/${encodeURIComponent(name)}`

/** One of them, as it stands now, with its latest trial. */
export function useCampaign(name: string, { isOn = true } = {}) {
  const { programme } = usePlace()
  return useTrialReading<CampaignReply>(pathOf(name), programme, { isOn })
}

/** Asks for a trial of one of them, or gives it up. */
export function useTrying() {
  const { csrf } = useSession()
  const client = useQueryClient()
  const { programme } = usePlace()
  return useMutation({
    async mutationFn({ name, isWanted }: { name: string; isWanted: boolean }) {
      await ask(isWanted ? 'POST' : 'DELETE', `${pathOf(name)}/trial`, {
        query: { programme, ...(isWanted && { days: TRIED_DAYS }) },
        headers: { 'x-csrf-token': csrf },
      })
    },
    onSettled: () => client.invalidateQueries(),
  })
}
