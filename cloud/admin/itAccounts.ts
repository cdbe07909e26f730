import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { listAccounts } from '../access/staff/accounts.ts'
import { addAccount, removeAccount, renewPassword } from '../acts/staff.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

async function listItAccounts({ sql }: House) {
  const ofIt = (await listAccounts(sql)).filter(({ roles }) => roles.join() === 'it')
  const accounts = ofIt.map(({ name, createdAt, lastSeenAt }) => ({
    name,
    createdAt: toIso(createdAt),
    lastSeenAt: lastSeenAt === null ? null : toIso(lastSeenAt),
  }))
  return { accounts }
}

const shown = ({ name, password }: { name: string; password: string }) =>
  `The password of ${name} is shown this once; it opens /fleet:\n${password}`

/** What `staff` commands were called while only IT had accounts. */
export const itCommands: Record<string, Command> = {
  'it add': commandOf(addAccount, { usage: 'it add --name <name>', text: shown }),
  'it password': commandOf(renewPassword, { usage: 'it password --name <name>', text: shown }),
  'it remove': commandOf(removeAccount, {
    usage: 'it remove --name <name>',
    text: ({ name }) => `The account ${name} is removed, and its sessions have ended.`,
  }),
  'it list': command({
    usage: 'it list',
    input: z.strictObject({}),
    run: (house) => listItAccounts(house),
    text: ({ accounts }) =>
      table(
        ['name', 'added (UTC)', 'open session, seen (UTC)'],
        accounts.map(({ name, createdAt, lastSeenAt }) => [name, moment(createdAt), moment(lastSeenAt)]),
      ),
  }),
}
