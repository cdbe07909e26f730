import type { CustomerView } from './operation.ts'
import type { Reading } from './reading.ts'

/** What is lost with a card: also what a till holds at this moment, and what cannot be spent yet. */
export const allPoints = ({
  available,
  held,
  waiting,
}: Pick<Reading<CustomerView>, 'available' | 'held' | 'waiting'>): number =>
  available + held + (waiting?.points ?? 0)
