import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { z } from 'zod'
import type { proposedSchema } from '../../../shared/console/proposals.ts'
import { newId } from '../../../shared/id.ts'
import type { publishRuleBook } from '../../acts/books.ts'
import type { testCampaign } from '../../acts/campaignMessages.ts'
import type { addCampaign, finishCampaign, pauseCampaign, startCampaign } from '../../acts/campaigns.ts'
import type {
  addConsent,
  adjustPoints,
  eraseCustomer,
  freezeCustomer,
  setAdvertising,
} from '../../acts/customers.ts'
import type { freezeProgramme } from '../../acts/freeze.ts'
import type { mergeCustomers, unmergeCustomers } from '../../acts/merges.ts'
import type {
  approveProposal,
  breakGlass,
  editProposal,
  rejectProposal,
  reviewProposal,
} from '../../acts/proposals.ts'
import type { markStaffCard, rejectReferral, releaseReferral } from '../../acts/referrals.ts'
import type { askDiagnostics, makePairingCode, revokeKey, setChannel } from '../../acts/registers.ts'
import type { addSegment, removeSegment } from '../../acts/segments.ts'
import type { setSetting } from '../../acts/settings.ts'
import type { settleDiscrepancy, settleHold } from '../../acts/settle.ts'
import type {
  addStaff,
  disableStaff,
  linkStaff,
  resetStaff,
  setRoles,
  signOutStaff,
} from '../../acts/staff.ts'
import type { setStatus } from '../../acts/statuses.ts'
import type { addStore, setHours } from '../../acts/stores.ts'
import type { addVouchers, exportVouchers, voidVouchers } from '../../acts/vouchers.ts'
import { ask } from './api.ts'
import { useSession } from './session.ts'

/** The acts that the pages ask for; only their types are of the cloud. */
interface Acts {
  'proposal.approve': typeof approveProposal
  'proposal.reject': typeof rejectProposal
  'proposal.edit': typeof editProposal
  'proposal.break': typeof breakGlass
  'proposal.review': typeof reviewProposal
  'staff.add': typeof addStaff
  'staff.roles': typeof setRoles
  'staff.disable': typeof disableStaff
  'staff.link': typeof linkStaff
  'staff.reset': typeof resetStaff
  'staff.signout': typeof signOutStaff
  'customer.adjust': typeof adjustPoints
  'customer.freeze': typeof freezeCustomer
  'customer.consent': typeof addConsent
  'customer.advertising': typeof setAdvertising
  'customer.erase': typeof eraseCustomer
  'customer.staff': typeof markStaffCard
  'customer.merge': typeof mergeCustomers
  'customer.unmerge': typeof unmergeCustomers
  'status.set': typeof setStatus
  'hold.settle': typeof settleHold
  'discrepancy.settle': typeof settleDiscrepancy
  'register.code': typeof makePairingCode
  'register.channel': typeof setChannel
  'register.diagnostics': typeof askDiagnostics
  'register.revoke': typeof revokeKey
  'referral.reject': typeof rejectReferral
  'referral.release': typeof releaseReferral
  'segment.add': typeof addSegment
  'segment.remove': typeof removeSegment
  'voucher.add': typeof addVouchers
  'voucher.export': typeof exportVouchers
  'voucher.void': typeof voidVouchers
  'store.add': typeof addStore
  'store.hours': typeof setHours
  'settings.set': typeof setSetting
  'programme.freeze': typeof freezeProgramme
  'book.publish': typeof publishRuleBook
  'campaign.add': typeof addCampaign
  'campaign.start': typeof startCampaign
  'campaign.pause': typeof pauseCampaign
  'campaign.finish': typeof finishCampaign
  'campaign.test': typeof testCampaign
}
export type ActPath = keyof Acts
export type ActInput<Path extends ActPath> = z.input<Acts[Path]['input']>
type ActResult<Path extends ActPath> = Awaited<ReturnType<Acts[Path]['run']>>['result']

export type Answer<Path extends ActPath> =
  | { status: 'done'; result: ActResult<Path> }
  | z.infer<typeof proposedSchema>

/**
 * Asks for an act. What is asked again after no answer came has the key it had, so that it is done once; everything that is
 * on the screen may have changed by it, and is read anew.
 */
export function useAct<Path extends ActPath>(path: Path) {
  const { csrf } = useSession()
  const client = useQueryClient()
  const asked = useRef({ input: '', key: '' })
  return useMutation({
    async mutationFn(input: ActInput<Path>): Promise<Answer<Path>> {
      const text = JSON.stringify(input)
      if (asked.current.input !== text) asked.current = { input: text, key: newId() }
      const headers = { 'x-csrf-token': csrf, 'idempotency-key': asked.current.key }
      return await ask<Answer<Path>>('POST', `/v1/console/acts/${path}`, { json: input, headers })
    },
    onSettled: () => client.invalidateQueries(),
  })
}
