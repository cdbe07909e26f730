import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import {
  addAccount,
  isAccountName,
  listAccounts,
  removeAccount,
  renewPassword,
} from '../access/staff/accounts.ts'
import { authorName } from '../ledger/rows.ts'
import { AdminError, type Command, command, type House } from './command.ts'
import { moment, table } from './print.ts'

const named = z.strictObject({
  name: z
    .string()
    .trim()
    .toLowerCase()
    .refine(isAccountName, 'latin letters, digits and .-_ are expected, 32 at most, a letter first'),
})
type Named = z.output<typeof named>

export async function addItAccount({ sql, now, admin }: House, { name }: Named) {
  const added = await addAccount(sql, { name, who: authorName(admin), now })
  if (added) return { name, ...added }
  throw new AdminError('account_exists', `There is an account "${name}": a new password is "it password".`)
}

export async function renewItPassword({ sql, admin }: House, { name }: Named) {
  const renewed = await renewPassword(sql, { name, who: authorName(admin) })
  if (renewed) return { name, ...renewed }
  throw notThere(name)
}

export async function removeItAccount({ sql, admin }: House, { name }: Named) {
  if (await removeAccount(sql, { name, who: authorName(admin) })) return { name }
  throw notThere(name)
}

async function listItAccounts({ sql }: House) {
  const accounts = (await listAccounts(sql)).map(({ name, createdAt, lastSeenAt }) => ({
    name,
    createdAt: toIso(createdAt),
    lastSeenAt: lastSeenAt === null ? null : toIso(lastSeenAt),
  }))
  return { accounts }
}

const notThere = (name: string) =>
  new AdminError('account_not_found', `There is no account "${name}": see "it list".`)

const shown = ({ name, password }: { name: string; password: string }) =>
  `The password of ${name} is shown this once; it opens /fleet:\n${password}`

export const itCommands: Record<string, Command> = {
  'it add': command({ usage: 'it add --name <name>', input: named, run: addItAccount, text: shown }),
  'it password': command({
    usage: 'it password --name <name>',
    input: named,
    run: renewItPassword,
    text: shown,
  }),
  'it remove': command({
    usage: 'it remove --name <name>',
    input: named,
    run: removeItAccount,
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
