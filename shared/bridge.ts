/** The contract between a register and its screen: a file for each subject, and this the door to all of them. */

export type * from './bridge/act.ts'
export * from './bridge/commands.ts'
export type * from './bridge/customer.ts'
export type * from './bridge/journal.ts'
export type * from './bridge/offer.ts'
export * from './bridge/preferences.ts'
export type * from './bridge/returns.ts'
export type * from './bridge/sale.ts'
export type * from './bridge/snapshot.ts'
export type * from './bridge/station.ts'
export type * from './bridge/voucher.ts'
