import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { z } from 'zod'
import type { Role } from '../../../shared/staff.ts'
import { type Instant, MINUTE, toIso } from '../../../shared/time.ts'
import { logChange, type Origin } from '../../auditLog.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { openSession, type Session } from './sessions.ts'

const CHALLENGE_LIFE_MS = 5 * MINUTE
const MOST_KEYS = 20
/** EdDSA, ES256 and RS256, as COSE numbers them: what devices have. */
const ALGORITHMS = [-8, -7, -257]

/** Where keys are good: a device never shows one to a page of another name. */
export interface Site {
  /** What people call it. */
  name: string
  /** Its name in the network. */
  host: string
  origin: string
}

export interface Passkey {
  id: string
  title: string
  createdAt: Instant
  usedAt: Instant | null
}

const text = z.base64url().max(4000)
const signed = { id: text.max(1400), rawId: text.max(1400), type: z.literal('public-key') }
const extensions = { clientExtensionResults: z.object({}).default({}) }

/** What a browser sends of a new key, as `PublicKeyCredential.toJSON` writes it. */
export const newKeySchema = z.object({
  ...signed,
  ...extensions,
  response: z.object({ clientDataJSON: text, attestationObject: text }),
})
/** What it sends of a key that it has. */
export const shownKeySchema = z.object({
  ...signed,
  ...extensions,
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text }),
})

/** What the browser makes a new key of. The key says by itself whose it is, so that nobody types a name to sign in. */
export async function offerPasskey(
  sql: Sql,
  { session, site, now }: { session: Session; site: Site; now: Instant },
) {
  const { name: account } = session.person
  const known = await listPasskeys(sql, account)
  const options = await generateRegistrationOptions({
    ...{ rpName: site.name, rpID: site.host, userName: account, userDisplayName: account },
    userID: new TextEncoder().encode(account),
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keepChallenge(sql, { challenge: options.challenge, account, now })
  return options
}

export async function addPasskey(
  sql: Sql,
  given: {
    session: Session
    site: Site
    answer: z.infer<typeof newKeySchema>
    title: string
    from: Origin
    now: Instant
  },
): Promise<'added' | 'wrong' | 'too_many'> {
  const { session, site, answer, title, from, now } = given
  const { name: account } = session.person
  return await sql.begin(async (sql) => {
    await sql`select from staff where name = ${account} for update`
    const challenge = await takeChallenge(sql, { answer, account, now })
    if (challenge === null) return 'wrong'
    if ((await listPasskeys(sql, account)).length >= MOST_KEYS) return 'too_many'
    const verified = await verifyRegistrationResponse({
      ...{ response: answer, expectedChallenge: challenge, requireUserVerification: true },
      ...{ expectedOrigin: site.origin, expectedRPID: site.host, supportedAlgorithmIDs: ALGORITHMS },
    }).catch(() => null)
    if (!verified?.verified) return 'wrong'
    const { id, publicKey, counter } = verified.registrationInfo.credential
    const { count } = await sql`
      insert into staff_passkeys (id, account, title, public_key, counter, created_at)
      values (${id}, ${account}, ${title}, ${publicKey}, ${counter}, ${toIso(now)})
      on conflict (id) do nothing`
    if (count === 0) return 'wrong'
    await logKey(sql, { session, from, action: 'staff passkey add', title })
    return 'added'
  })
}

/** What any key of this site may sign. */
export async function askForPasskey(sql: Sql, { site, now }: { site: Site; now: Instant }) {
  const options = await generateAuthenticationOptions({ rpID: site.host, userVerification: 'required' })
  await keepChallenge(sql, { challenge: options.challenge, account: null, now })
  return options
}

/**
 * Opens a session for who has shown a key. The device has asked its person for something that only they have or know, so
 * nothing is left to prove.
 */
export async function signInByPasskey(
  sql: Sql,
  {
    site,
    answer,
    from,
    now,
  }: { site: Site; answer: z.infer<typeof shownKeySchema>; from: Origin; now: Instant },
): Promise<string | null> {
  return await sql.begin(async (sql) => {
    const challenge = await takeChallenge(sql, { answer, account: null, now })
    if (challenge === null) return null
    const [key] = await sql<{ account: string; roles: Role[]; publicKey: Uint8Array; counter: number }[]>`
      select account, roles, public_key as "publicKey", counter from staff_passkeys
      join staff on name = account
      where id = ${answer.id} and disabled_at is null for update`
    if (!key) return null
    const { account, roles, publicKey, counter } = key
    const verified = await verifyAuthenticationResponse({
      ...{ response: answer, expectedChallenge: challenge, requireUserVerification: true },
      ...{ expectedOrigin: site.origin, expectedRPID: site.host },
      credential: { id: answer.id, publicKey: new Uint8Array(publicKey), counter },
    }).catch(() => null)
    if (!verified?.verified) return null
    await sql`
      update staff_passkeys set counter = ${verified.authenticationInfo.newCounter}, used_at = ${toIso(now)}
      where id = ${answer.id}`
    const token = await openSession(sql, { account, isProven: true, from, now })
    const who = `${roles[0]}:${account}`
    await logChange(sql, {
      ...{ who, from, action: 'staff sign-in', subject: `staff ${account}` },
      after: { by: 'passkey' },
    })
    return token
  })
}

export async function listPasskeys(sql: Sql | Tx, account: string): Promise<Passkey[]> {
  return [
    ...(await sql<Passkey[]>`
      select id, title, created_at as "createdAt", used_at as "usedAt" from staff_passkeys
      where account = ${account} order by created_at, id`),
  ]
}

export async function removePasskey(
  sql: Sql,
  { session, id, from }: { session: Session; id: string; from: Origin },
): Promise<void> {
  await sql.begin(async (sql) => {
    const [removed] = await sql<{ title: string }[]>`
      delete from staff_passkeys where id = ${id} and account = ${session.person.name} returning title`
    if (removed) await logKey(sql, { session, from, action: 'staff passkey remove', title: removed.title })
  })
}

/** For who has lost the device. */
export async function dropPasskeys(sql: Tx, account: string): Promise<number> {
  const { count } = await sql`delete from staff_passkeys where account = ${account}`
  return count
}

export async function forgetOldChallenges(sql: Sql, now: Instant): Promise<void> {
  await sql`delete from staff_challenges where expires_at <= ${toIso(now)}`
}

async function logKey(
  sql: Tx,
  { session, from, action, title }: { session: Session; from: Origin; action: string; title: string },
): Promise<void> {
  const { name, roles } = session.person
  await logChange(sql, {
    who: `${roles[0]}:${name}`,
    from,
    action,
    subject: `staff ${name}`,
    after: { title },
  })
}

async function keepChallenge(
  sql: Sql,
  { challenge, account, now }: { challenge: string; account: string | null; now: Instant },
): Promise<void> {
  await sql`
    insert into staff_challenges (challenge, account, expires_at)
    values (${challenge}, ${account}, ${toIso(now + CHALLENGE_LIFE_MS)})`
}

const clientDataSchema = z.object({ challenge: text })

/** Uses up what the device says that it has signed; null where nobody asked for that, or too long ago. */
async function takeChallenge(
  sql: Tx,
  {
    answer,
    account,
    now,
  }: { answer: { response: { clientDataJSON: string } }; account: string | null; now: Instant },
): Promise<string | null> {
  const said = clientDataSchema.safeParse(jsonOf(answer.response.clientDataJSON))
  if (!said.success) return null
  const taken = await sql`
    delete from staff_challenges
    where challenge = ${said.data.challenge} and account is not distinct from ${account}::text
      and expires_at > ${toIso(now)}`
  return taken.count === 1 ? said.data.challenge : null
}

function jsonOf(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString())
  } catch {
    return null
  }
}
