import { z } from 'zod'
import { authorName } from '../ledger/rows.ts'
import { eraseAgain } from '../people/eraseAgain.ts'
import { act } from './act.ts'

/**
 * What is there with the data of a backup: that it was restored, and that whoever was erased since is so again.
 * Each of them is in the log of changes as well.
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
