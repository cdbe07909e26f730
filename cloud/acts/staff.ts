import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import { isAccountName } from '../access/staff/accounts.ts'
import { hashPassword, newPassword } from '../access/staff/passwords.ts'
import { ActError, act } from './act.ts'

const input = z.strictObject({
  name: z
    .string()
    .trim()
    .toLowerCase()
    .refine(isAccountName, 'latin letters, digits and .-_ are expected, 32 at most, a letter first'),
})

/** Makes an account with a password that is in the answer and nowhere else. */
export const addAccount = act({
  name: 'it add',
  title: 'Add an account of IT',
  input,
  async run(sql, { name }, { now }) {
    const password = newPassword()
    const added = await sql`
      insert into it_accounts (name, password_hash, created_at)
      values (${name}, ${await hashPassword(password)}, ${toIso(now)})
      on conflict (name) do nothing`
    if (added.count === 0)
      throw new ActError('account_exists', `There is an account "${name}": a new password is "it password".`)
    return { result: { name, password }, change: changeOf(name) }
  },
})

/** A new password ends the sessions of the old one. */
export const renewPassword = act({
  name: 'it password',
  title: 'Give an account of IT a new password',
  input,
  async run(sql, { name }) {
    const password = newPassword()
    const hash = await hashPassword(password)
    const changed = await sql`update it_accounts set password_hash = ${hash} where name = ${name}`
    if (changed.count === 0) throw notThere(name)
    await sql`delete from it_sessions where account = ${name}`
    return { result: { name, password }, change: changeOf(name) }
  },
})

/** With its sessions: they end at once. */
export const removeAccount = act({
  name: 'it remove',
  title: 'Remove an account of IT',
  input,
  async run(sql, { name }) {
    const removed = await sql`delete from it_accounts where name = ${name}`
    if (removed.count === 0) throw notThere(name)
    return { result: { name }, change: changeOf(name) }
  },
})

const changeOf = (name: string) => ({ subject: `it ${name}` })

const notThere = (name: string) =>
  new ActError('account_not_found', `There is no account "${name}": see "it list".`)
