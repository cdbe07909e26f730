import type { Customer } from '../../../../shared/console/customers.ts'

type Side = Pick<Customer, 'id' | 'telegram' | 'held' | 'state' | 'mergedInto'>

interface Plan<Of extends Side> {
  stays: Of
  goes: Of
  /** A person says which stays; otherwise it is the one in Telegram. */
  isChoice: boolean
  problem: 'otherMerged' | 'bothTelegram' | 'frozenCard' | 'openHold' | null
}

/** What the ledger will do with two cards, before it is asked; it decides in the end. */
export function planOf<Of extends Side>(one: Of, other: Of, wanted: number): Plan<Of> {
  const isChoice = (one.telegram === null) === (other.telegram === null)
  const isOther = isChoice ? wanted === other.id : other.telegram !== null
  const [stays, goes] = isOther ? [other, one] : [one, other]
  return { stays, goes, isChoice, problem: problemOf(stays, goes) }
}

function problemOf(stays: Side, goes: Side): Plan<Side>['problem'] {
  if (stays.mergedInto ?? goes.mergedInto) return 'otherMerged'
  if (stays.telegram !== null && goes.telegram !== null) return 'bothTelegram'
  if (stays.state === 'frozen' || goes.state === 'frozen') return 'frozenCard'
  return goes.held > 0 ? 'openHold' : null
}
