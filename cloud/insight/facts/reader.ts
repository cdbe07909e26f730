import { customersOf } from '../../feed/operations.ts'
import type { Reader } from '../../feed/reader.ts'
import { makeFacts } from './definition.ts'

export const FACTS = 'facts'

const CUSTOMERS_A_STATEMENT = 1000

/**
 * Makes the facts about customers with new operations anew from all their operations, by the same statement as a rebuild:
 * there is no second arithmetic that could count otherwise, and a late sale or a return needs no rule of its own.
 */
export function createFactsReader(timeZone: string): Reader {
  return {
    name: FACTS,
    basis: timeZone,
    walk: (sql, customerIds) => makeFacts(sql, { customerIds, timeZone }),
    follow: async (sql, operations) => {
      const customerIds = await customersOf(sql, operations)
      for (let made = 0; made < customerIds.length; made += CUSTOMERS_A_STATEMENT)
        await makeFacts(sql, { customerIds: customerIds.slice(made, made + CUSTOMERS_A_STATEMENT), timeZone })
    },
  }
}
