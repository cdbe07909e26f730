import { auditCommands } from './audit.ts'
import { auditLogCommands } from './auditLog.ts'
import { backupCommands } from './backup.ts'
import { bookCommands } from './books.ts'
import { budgetCommands } from './budgets.ts'
import { campaignCommands } from './campaigns.ts'
import { customerCommands } from './customers.ts'
import { discrepancyCommands } from './discrepancies.ts'
import { factsCommands } from './facts.ts'
import { fleetCommands } from './fleet.ts'
import { holdCommands } from './holds.ts'
import { itCommands } from './itAccounts.ts'
import { jobCommands } from './jobs.ts'
import { notificationCommands } from './notifications.ts'
import { programmeCommands } from './programmes.ts'
import { proposalCommands } from './proposals.ts'
import { referralCommands } from './referrals.ts'
import { registerCommands } from './registers.ts'
import { releaseCommands } from './releases.ts'
import { segmentCommands } from './segments.ts'
import { settingsCommands } from './settings.ts'
import { staffCommands } from './staff.ts'
import { statusCommands } from './statuses.ts'
import { storeCommands } from './stores.ts'
import { typedCommands } from './typed.ts'
import { voucherCommands } from './vouchers.ts'

/** All that the command line can do. */
export const commands = {
  ...programmeCommands,
  ...storeCommands,
  ...registerCommands,
  ...releaseCommands,
  ...fleetCommands,
  ...staffCommands,
  ...itCommands,
  ...customerCommands,
  ...proposalCommands,
  ...holdCommands,
  ...typedCommands,
  ...discrepancyCommands,
  ...auditCommands,
  ...auditLogCommands,
  ...factsCommands,
  ...settingsCommands,
  ...bookCommands,
  ...budgetCommands,
  ...segmentCommands,
  ...campaignCommands,
  ...statusCommands,
  ...referralCommands,
  ...voucherCommands,
  ...jobCommands,
  ...backupCommands,
  ...notificationCommands,
}
