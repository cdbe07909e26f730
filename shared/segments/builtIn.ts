import type { Status } from '../rules/status.ts'
import type { Condition, Segment } from './definition.ts'

const INACTIVE_DAYS = 30
const HIGH_VALUE_KOPECKS = 5_000_000

/**
 * Those that are there from the start. A segment of the same name takes the place of one, with another threshold, such as more
 * days or money. Who is not there yet: by birthday, which nobody keeps, and by what is foretold of somebody.
 */
export function builtInSegments(statuses: readonly Pick<Status, 'name' | 'title'>[]): Segment[] {
  return [
    { name: 'all', title: 'Все', definition: everybody },
    { name: 'inactive', title: `Не покупали ${INACTIVE_DAYS} дней`, definition: inactive },
    { name: 'high_value', title: 'Купили на 50\u00a0000\u00a0₽ и больше', definition: highValue },
    ...statuses.flatMap(({ name, title }): Segment[] => {
      const slug = `status_${name.toLowerCase()}`
      return /^[a-z0-9_-]{1,64}$/.test(slug)
        ? [{ name: slug, title: `Статус «${title}»`, definition: { type: 'status', names: [name] } }]
        : []
    }),
  ]
}

const everybody: Condition = { type: 'all', of: [] }

/** Customers who could have bought within so many days, and did not. */
const inactive: Condition = {
  type: 'all',
  of: [
    { type: 'days_since', what: 'registration', min: INACTIVE_DAYS },
    { type: 'not', of: { type: 'days_since', what: 'last_purchase', max: INACTIVE_DAYS - 1 } },
  ],
}

const highValue: Condition = { type: 'sum', of: 'net_kopecks', min: HIGH_VALUE_KOPECKS }
