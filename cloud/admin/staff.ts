import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { listAccounts } from '../access/staff/accounts.ts'
import { listSessions } from '../access/staff/sessions.ts'
import { perform } from '../acts/act.ts'
import { addStaff, disableStaff, linkStaff, resetStaff, setRoles, signOutStaff } from '../acts/staff.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

interface Link {
  name: string
  token: string
  expiresAt: string
}

/** What stands behind # is sent nowhere: no log on the way has it. */
const withLink = ({ publicUrl }: House, { name, token, expiresAt }: Link) => ({
  ...{ name, expiresAt },
  link: `${publicUrl}/console/welcome#${token}`,
})

const shownLink = ({ name, link, expiresAt }: ReturnType<typeof withLink>) =>
  `The way in for ${name}, good once, until ${expiresAt.slice(11, 16)} UTC. It is shown this once:\n${link}`

async function listStaff({ sql }: House) {
  const accounts = await listAccounts(sql)
  const iso = (at: number | null) => (at === null ? null : toIso(at))
  return {
    staff: accounts.map(({ createdAt, disabledAt, lastSeenAt, ...account }) => ({
      ...account,
      ...{ createdAt: toIso(createdAt), disabledAt: iso(disabledAt), lastSeenAt: iso(lastSeenAt) },
    })),
  }
}

async function sessionsOf({ sql, now }: House, name: string) {
  const sessions = await listSessions(sql, name, now)
  return {
    sessions: sessions.map(({ createdAt, seenAt, ...session }) => ({
      ...session,
      ...{ createdAt: toIso(createdAt), seenAt: toIso(seenAt) },
    })),
  }
}

const seen = (ids: number[] | null) => ids?.join(', ') ?? 'all'

const scope = '[--programmes <ids>] [--stores <ids>]'

export const staffCommands: Record<string, Command> = {
  'staff add': command({
    usage: `staff add --name <name> --role <roles, with commas> ${scope} [--language ru|en]`,
    input: addStaff.input,
    run: async (house, input) => withLink(house, await perform(addStaff, input, house)),
    text: shownLink,
  }),
  'staff list': command({
    usage: 'staff list',
    input: z.strictObject({}),
    run: (house) => listStaff(house),
    text: ({ staff }) =>
      table(
        ['name', 'roles', 'programmes', 'stores', 'second factor', 'state', 'seen (UTC)'],
        staff.map(({ name, roles, sees, hasSecondFactor, disabledAt, lastSeenAt }) => [
          ...[
            name,
            roles.join(', '),
            seen(sees.programmes),
            seen(sees.stores),
            hasSecondFactor ? 'yes' : 'no',
          ],
          ...[disabledAt === null ? 'active' : 'disabled', moment(lastSeenAt)],
        ]),
      ),
  }),
  'staff roles': commandOf(setRoles, {
    usage: `staff roles --name <name> --role <roles, with commas> ${scope}`,
    text: ({ name, roles, sees }) =>
      `${name} is ${roles.join(', ')} now, and sees programmes: ${seen(sees.programmes)}, stores: ${seen(sees.stores)}.`,
  }),
  'staff disable': commandOf(disableStaff, {
    usage: 'staff disable --name <name> [--undo]',
    text: ({ name, isDisabled }) =>
      isDisabled ? `${name} is disabled, and signed out everywhere.` : `${name} may sign in again.`,
  }),
  'staff link': command({
    usage: 'staff link --name <name>',
    input: linkStaff.input,
    run: async (house, input) => withLink(house, await perform(linkStaff, input, house)),
    text: shownLink,
  }),
  'staff reset': commandOf(resetStaff, {
    usage: 'staff reset --name <name>',
    text: ({ name }) => `${name} has no second factor now; the next sign-in sets one up.`,
  }),
  'staff sessions': command({
    usage: 'staff sessions --name <name>',
    input: z.strictObject({ name: z.string().trim().toLowerCase() }),
    run: (house, { name }) => sessionsOf(house, name),
    text: ({ sessions }) =>
      table(
        ['session', 'since (UTC)', 'seen (UTC)', 'address', 'browser'],
        sessions.map(({ id, createdAt, seenAt, ip, userAgent }) => [
          ...[id, moment(createdAt), moment(seenAt), ip, userAgent],
        ]),
      ),
  }),
  'staff signout': commandOf(signOutStaff, {
    usage: 'staff signout --name <name> [--session <id>]',
    text: ({ name, ended }) => `${name} is signed out of ${ended} ${ended === 1 ? 'session' : 'sessions'}.`,
  }),
}
