import type { z } from 'zod'
import type { Act } from './act.ts'
import { publishRuleBook } from './books.ts'
import { testCampaign } from './campaignMessages.ts'
import { addCampaign, finishCampaign, pauseCampaign, startCampaign } from './campaigns.ts'
import {
  addConsent,
  addCustomer,
  adjustPoints,
  eraseCustomer,
  freezeCustomer,
  setAdvertising,
} from './customers.ts'
import { freezeProgramme } from './freeze.ts'
import { startJob } from './jobs.ts'
import { mergeCustomers, unmergeCustomers } from './merges.ts'
import { dropNotifications, retryNotifications } from './notifications.ts'
import { addProgramme } from './programmes.ts'
import { approveProposal, breakGlass, editProposal, rejectProposal, reviewProposal } from './proposals.ts'
import { markStaffCard, rejectReferral, releaseReferral } from './referrals.ts'
import { addRegister, askDiagnostics, makePairingCode, revokeKey, setChannel } from './registers.ts'
import { changePercent, promoteRelease, publishRelease, pullRelease } from './releases.ts'
import { recordRestore } from './restore.ts'
import { addSegment, removeSegment } from './segments.ts'
import { setSetting } from './settings.ts'
import { settleDiscrepancy, settleHold } from './settle.ts'
import {
  addAccount,
  addStaff,
  disableStaff,
  linkStaff,
  removeAccount,
  renewPassword,
  resetStaff,
  setRoles,
  signOutStaff,
} from './staff.ts'
import { setStatus } from './statuses.ts'
import { addStore, setHours } from './stores.ts'
import { addVouchers, exportVouchers, voidVouchers } from './vouchers.ts'

/** All acts: all changes that people can make. */
export const acts: Act<z.ZodType, unknown>[] = [
  addProgramme,
  freezeProgramme,
  addStore,
  setHours,
  addRegister,
  makePairingCode,
  setChannel,
  askDiagnostics,
  revokeKey,
  publishRelease,
  changePercent,
  promoteRelease,
  pullRelease,
  addStaff,
  setRoles,
  disableStaff,
  linkStaff,
  resetStaff,
  signOutStaff,
  addAccount,
  renewPassword,
  removeAccount,
  addCustomer,
  addConsent,
  setAdvertising,
  adjustPoints,
  freezeCustomer,
  eraseCustomer,
  markStaffCard,
  mergeCustomers,
  unmergeCustomers,
  settleHold,
  settleDiscrepancy,
  approveProposal,
  rejectProposal,
  editProposal,
  breakGlass,
  reviewProposal,
  setSetting,
  publishRuleBook,
  addSegment,
  removeSegment,
  addCampaign,
  startCampaign,
  pauseCampaign,
  finishCampaign,
  testCampaign,
  setStatus,
  rejectReferral,
  releaseReferral,
  addVouchers,
  exportVouchers,
  voidVouchers,
  retryNotifications,
  dropNotifications,
  startJob,
  recordRestore,
]
