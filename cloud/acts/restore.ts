import { z } from 'zod'
import { authorName } from '../ledger/rows.ts'
import { eraseAgain } from '../people/eraseAgain.ts'
import { act } from './act.ts'

/**
 * Logs that a backup was restored, and erases once more all who were erased since it was made; each of them is in the log of
 * changes too.
 */
export const recordRestore = act({
  name: 'restore',
  title: 'Restore a backup',
  input: z.strictObject({
    file: z.string(),
    madeAt: z.iso.datetime(),
    erasures: z.array(z.strictObject({ card: z.string(), erasedAt: z.int() })),
  }),
  async run(sql, { file, madeAt, erasures }, { who, botToken: secret }) {
    const erased = await eraseAgain(sql, erasures, { who: authorName(who), secret })
    return { result: erased, change: { subject: 'database', after: { madeAt, file, erased: erased.again } } }
  },
})
