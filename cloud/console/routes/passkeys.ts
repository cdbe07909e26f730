import type { Context } from 'hono'
import { z } from 'zod'
import {
  addPasskey,
  askForPasskey,
  newKeySchema,
  offerPasskey,
  removePasskey,
  type Site,
  shownKeySchema,
  signInByPasskey,
} from '../../access/staff/passkeys.ts'
import type { Session } from '../../access/staff/sessions.ts'
import { readForm } from '../../http/body.ts'
import type { Doors } from '../../http/context.ts'
import { ApiFailure } from '../../http/errors.ts'
import { originOf } from '../../http/sender.ts'
import type { Viewer } from '../pages/layout.ts'
import { newPasskeyPage, showPasskeyPage } from '../pages/passkey.ts'
import { texts } from '../texts.ts'

interface Around extends Doors {
  publicUrl: string | undefined
  chainName: string
}

/**
 * Where this page may ask for passkeys: at the address that IT has said, over TLS; or on this machine, under its name. Null
 * elsewhere: a device has no keys for a number, nor for what comes without TLS.
 */
export function siteOf(
  c: Context,
  { publicUrl, chainName }: Pick<Around, 'publicUrl' | 'chainName'>,
): Site | null {
  if (publicUrl?.startsWith('https:')) {
    const { hostname, origin } = new URL(publicUrl)
    return { name: chainName, host: hostname, origin }
  }
  const { hostname, origin } = new URL(c.req.url)
  return hostname === 'localhost' ? { name: chainName, host: hostname, origin } : null
}

function needSite(c: Context, cloud: Around): Site {
  const site = siteOf(c, cloud)
  if (site) return site
  throw new ApiFailure(
    404,
    'no_passkeys',
    'Passkeys need the address of this cloud over TLS: PUBLIC_URL=https://… says it.',
  )
}

export async function askPasskey(
  c: Context,
  cloud: Around,
  shown: { viewer: Viewer; problem: string | null; next: string },
) {
  const options = await askForPasskey(cloud.sql, { site: needSite(c, cloud), now: cloud.now() })
  return showPasskeyPage({ ...shown, options })
}

/** The token of the session that was opened. */
export async function takePasskey(c: Context, cloud: Around): Promise<string | null> {
  const answer = shownKeySchema.safeParse(answerIn(await readForm(c)))
  if (!answer.success) return null
  const { sql, now } = cloud
  const given = { site: needSite(c, cloud), answer: answer.data, from: originOf(c), now: now() }
  return await signInByPasskey(sql, given)
}

export async function offerNewPasskey(
  c: Context,
  cloud: Around,
  { session, viewer, problem }: { session: Session; viewer: Viewer; problem: string | null },
) {
  const options = await offerPasskey(cloud.sql, { session, site: needSite(c, cloud), now: cloud.now() })
  return newPasskeyPage({ viewer, options, problem })
}

const titleSchema = z.string().trim().min(1).max(60)

/** What went wrong, in the language of who looks. */
export async function takeNewPasskey(
  c: Context,
  cloud: Around,
  { session, viewer }: { session: Session; viewer: Viewer },
): Promise<string | null> {
  const form = await readForm(c)
  const [answer, title] = [newKeySchema.safeParse(answerIn(form)), titleSchema.safeParse(form.title)]
  const words = texts[viewer.language]
  if (!answer.success || !title.success) return words.passkeyWrong
  const given = { session, site: needSite(c, cloud), answer: answer.data, title: title.data }
  const added = await addPasskey(cloud.sql, { ...given, from: originOf(c), now: cloud.now() })
  if (added === 'added') return null
  return added === 'too_many' ? words.passkeysFull : words.passkeyWrong
}

export async function takeAwayPasskey(c: Context, cloud: Around, session: Session): Promise<void> {
  const id = z
    .string()
    .max(1400)
    .safeParse((await readForm(c)).id)
  if (id.success) await removePasskey(cloud.sql, { session, id: id.data, from: originOf(c) })
}

function answerIn({ answer }: Record<string, unknown>): unknown {
  try {
    return typeof answer === 'string' ? JSON.parse(answer) : null
  } catch {
    return null
  }
}
