import { z } from 'zod'
import { languageSchema } from '../../shared/me.ts'
import { type Role, roleSchema } from '../../shared/staff.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { isAccountName } from '../access/staff/accounts.ts'
import { makeLink } from '../access/staff/links.ts'
import { dropPasskeys } from '../access/staff/passkeys.ts'
import { hashPassword, newPassword } from '../access/staff/passwords.ts'
import { dropSecondFactor } from '../access/staff/secondFactor.ts'
import { endSessionsOf } from '../access/staff/sessions.ts'
import { dropTelegram } from '../access/staff/telegram.ts'
import type { Tx } from '../database/connect.ts'
import { ActError, act } from './act.ts'
import { flagInput, idInput } from './inputs.ts'

const nameInput = z
  .string()
  .trim()
  .toLowerCase()
  .refine(isAccountName, 'latin letters, digits and .-_ are expected, 32 at most, a letter first')

/** A list; as text it has commas between its items. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (given: unknown) => (typeof given === 'string' ? given.split(',').map((part) => part.trim()) : given),
    z
      .array(item)
      .min(1, 'at least one is expected')
      .max(100, 'they are too many')
      .transform((items) => [...new Set(items)]),
  )

const input = z.strictObject({ name: nameInput })

/** The programmes and stores that a person may see; absent: all, future ones too. */
const seesInput = { programmes: listOf(idInput).optional(), stores: listOf(idInput).optional() }

/** Makes an account, with the link by which its person comes in for the first time. */
export const addStaff = act({
  name: 'staff add',
  title: 'Add a member of staff',
  input: input.extend({ role: listOf(roleSchema), language: languageSchema.default('ru'), ...seesInput }),
  isSecret: true,
  async run(sql, { name, role: roles, language, programmes, stores }, { now }) {
    const sees = { programmes: programmes ?? null, stores: stores ?? null }
    await refuseUnknown(sql, sees)
    const added = await sql`
      insert into staff (name, roles, programmes, stores, language, created_at)
      values (${name}, ${roles}, ${sees.programmes}, ${sees.stores}, ${language}, ${toIso(now)})
      on conflict (name) do nothing`
    if (added.count === 0)
      throw new ActError('account_exists', `There is an account "${name}": a new way in is "staff link".`)
    const link = await makeLink(sql, name, now)
    return {
      result: { name, ...link },
      change: { subject: subjectOf(name), after: logged({ roles, ...sees }) },
    }
  },
})

/** Changes what a person may do and see; their open sessions go by it at once. */
export const setRoles = act({
  name: 'staff roles',
  title: 'Change what a member of staff may do and see',
  input: input.extend({ role: listOf(roleSchema), ...seesInput }),
  async run(sql, { name, role: roles, programmes, stores }) {
    const account = await lockAccount(sql, name)
    const sees = { programmes: programmes ?? null, stores: stores ?? null }
    await refuseUnknown(sql, sees)
    const [before, after] = [logged(account), logged({ roles, ...sees })]
    const result = { name, roles, sees }
    if (JSON.stringify(before) === JSON.stringify(after)) return { result, change: null }
    await sql`
      update staff set roles = ${roles}, programmes = ${sees.programmes}, stores = ${sees.stores} where name = ${name}`
    return { result, change: { subject: subjectOf(name), before, after } }
  },
})

/** Disables an account: its sessions, its link and its chats of Telegram end at once; its acts stay under its name. */
export const disableStaff = act({
  name: 'staff disable',
  title: 'Disable a member of staff, or undo it',
  input: input.extend({ undo: flagInput }),
  async run(sql, { name, undo }, { now }) {
    const { disabledAt } = await lockAccount(sql, name)
    const result = { name, isDisabled: !undo }
    if ((disabledAt !== null) === !undo) return { result, change: null }
    await sql`update staff set disabled_at = ${undo ? null : toIso(now)} where name = ${name}`
    await endSessionsOf(sql, name)
    await sql`delete from staff_links where account = ${name}`
    await dropTelegram(sql, name)
    const change = {
      subject: subjectOf(name),
      before: { isDisabled: undo },
      after: { isDisabled: !undo },
    }
    return { result, change }
  },
})

/** A link for a person who has lost the password. The old password is good until the link is used. */
export const linkStaff = act({
  name: 'staff link',
  title: 'Make a new link for a member of staff',
  input,
  isSecret: true,
  async run(sql, { name }, { now }) {
    const { disabledAt } = await lockAccount(sql, name)
    if (disabledAt !== null)
      throw new ActError('account_disabled', `"${name}" is disabled: "staff disable --undo" comes first.`)
    const link = await makeLink(sql, name, now)
    return {
      result: { name, ...link },
      change: { subject: subjectOf(name), after: { expiresAt: link.expiresAt } },
    }
  },
})

/**
 * Resets the second factor of a person who has lost the phone and the recovery codes. Their sessions end, and so do
 * passkeys and Telegram, which may be in the same phone. The next sign-in sets up another factor.
 */
export const resetStaff = act({
  name: 'staff reset',
  title: 'Forget the second factor of a member of staff',
  input,
  async run(sql, { name }) {
    const { hasSecondFactor } = await lockAccount(sql, name)
    const passkeys = await dropPasskeys(sql, name)
    const telegram = await dropTelegram(sql, name)
    if (!hasSecondFactor && passkeys === 0 && !telegram) return { result: { name }, change: null }
    await dropSecondFactor(sql, name)
    await endSessionsOf(sql, name)
    const change = {
      subject: subjectOf(name),
      before: {
        secondFactor: hasSecondFactor,
        ...(passkeys > 0 && { passkeys }),
        ...(telegram && { telegram }),
      },
      after: {
        secondFactor: false,
        ...(passkeys > 0 && { passkeys: 0 }),
        ...(telegram && { telegram: false }),
      },
    }
    return { result: { name }, change }
  },
})

/** Ends the sessions of a person, or the one that is named. */
export const signOutStaff = act({
  name: 'staff signout',
  title: 'End the sessions of a member of staff',
  input: input.extend({ session: z.uuid('the id of a session is expected').optional() }),
  async run(sql, { name, session }) {
    await lockAccount(sql, name)
    const ended = await endSessionsOf(sql, name, session)
    return {
      result: { name, ended },
      change: ended === 0 ? null : { subject: subjectOf(name), after: { ended } },
    }
  },
})

// The older commands, for accounts of IT alone.

/** Makes an account with a password that is in the answer and nowhere else. */
export const addAccount = act({
  name: 'it add',
  title: 'Add an account of IT',
  input,
  isSecret: true,
  async run(sql, { name }, { now }) {
    const password = newPassword()
    const added = await sql`
      insert into staff (name, password_hash, roles, created_at)
      values (${name}, ${await hashPassword(password)}, '{it}', ${toIso(now)})
      on conflict (name) do nothing`
    if (added.count === 0)
      throw new ActError('account_exists', `There is an account "${name}": a new password is "it password".`)
    return { result: { name, password }, change: { subject: subjectOf(name) } }
  },
})

/** A new password ends the sessions of the old one. */
export const renewPassword = act({
  name: 'it password',
  title: 'Give an account of IT a new password',
  input,
  isSecret: true,
  async run(sql, { name }) {
    const password = newPassword()
    const hash = await hashPassword(password)
    const changed =
      await sql`update staff set password_hash = ${hash} where name = ${name} and roles = '{it}'`
    if (changed.count === 0) throw notOfIt(name)
    await endSessionsOf(sql, name)
    return { result: { name, password }, change: { subject: subjectOf(name) } }
  },
})

/** Removes an account; its sessions end at once. */
export const removeAccount = act({
  name: 'it remove',
  title: 'Remove an account of IT',
  input,
  async run(sql, { name }) {
    const removed = await sql`delete from staff where name = ${name} and roles = '{it}'`
    if (removed.count === 0) throw notOfIt(name)
    return { result: { name }, change: { subject: subjectOf(name) } }
  },
})

interface Scope {
  programmes: number[] | null
  stores: number[] | null
}

interface Locked extends Scope {
  roles: Role[]
  disabledAt: Instant | null
  hasSecondFactor: boolean
}

async function lockAccount(sql: Tx, name: string): Promise<Locked> {
  const [row] = await sql<Locked[]>`
    select roles, programmes, stores, disabled_at as "disabledAt", totp_secret is not null as "hasSecondFactor"
    from staff where name = ${name} for update`
  if (row) return row
  throw new ActError('account_not_found', `There is no account "${name}": see "staff list".`)
}

/** Refuses numbers that do not exist: one of a future store would give sight of it. */
async function refuseUnknown(sql: Tx, { programmes, stores }: Scope): Promise<void> {
  const [known] = await sql<Record<'programmes' | 'stores', number[]>[]>`
    select array(select id from programmes where id = any(${programmes ?? []}::int[])) as programmes,
      array(select id from stores where id = any(${stores ?? []}::int[])) as stores`
  for (const [what, wanted] of Object.entries({ programmes, stores })) {
    const missing = wanted?.find((id) => !known?.[what as keyof Scope].includes(id))
    if (missing !== undefined)
      throw new ActError('not_found', `There is nothing with the number ${missing} among the ${what}.`)
  }
}

const logged = ({ roles, programmes, stores }: Scope & { roles: Role[] }) => ({
  roles: roles.join(', '),
  programmes: programmes?.join(', ') ?? 'all',
  stores: stores?.join(', ') ?? 'all',
})

const subjectOf = (name: string) => `staff ${name}`

const notOfIt = (name: string) =>
  new ActError(
    'account_not_found',
    `There is no account "${name}" of IT alone: see "it list" and "staff list".`,
  )
