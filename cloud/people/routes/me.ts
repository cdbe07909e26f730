import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { advertisingVersion, consentVersion, type Operator } from '../../../shared/consent.ts'
import { linkOf } from '../../../shared/invitation.ts'
import {
  agreeRequestSchema,
  changeMeSchema,
  erasedSchema,
  expiryCalendarSchema,
  historyPageSchema,
  historyQuerySchema,
  type Me,
  meSchema,
  myCodeSchema,
  type NotRegistered,
} from '../../../shared/me.ts'
import { myVouchersSchema } from '../../../shared/myVoucher.ts'
import { myReferralSchema } from '../../../shared/referral.ts'
import { toIso } from '../../../shared/time.ts'
import type { Codes } from '../../access/people/codes.ts'
import type { App, Doors, Env } from '../../http/context.ts'
import { body, commonProblems, json, ofPerson, problem } from '../../http/describe.ts'
import { ApiFailure } from '../../http/errors.ts'
import { personOnly } from '../../http/personAuth.ts'
import { readExpiryDays, readHistory } from '../../ledger/history.ts'
import { readProgramme, readSettings } from '../../ledger/programme.ts'
import { findCustomer } from '../../ledger/read.ts'
import { readMyReferral, readTerms } from '../../referrals/read.ts'
import { countMyVouchers, readMyVouchers } from '../../vouchers/mine.ts'
import { readMyStatus } from '../myStatus.ts'
import { choose, chooseAdvertising, findPerson, forget, frozenOf, join, type Person } from '../people.ts'

const HISTORY_PAGE = 30

const problems = {
  ...commonProblems,
  401: problem(
    'init_data_missing, init_data_forged, init_data_old or init_data_reused: the Mini App must be opened again.',
  ),
  404: problem(
    'not_registered: they have not agreed yet; details say to which text. Or no_mini_app: the cloud has no bot.',
  ),
}

const show = createRoute({
  method: 'get',
  path: '/v1/me',
  summary: 'The card, its points and the person who holds the phone',
  ...ofPerson,
  responses: { 200: json('The customer.', meSchema), ...problems },
})

const agree = createRoute({
  method: 'post',
  path: '/v1/me',
  summary: 'Agree to the consent text, and have a card',
  ...ofPerson,
  request: body(agreeRequestSchema),
  responses: {
    200: json('The customer; the same one if they had agreed before.', meSchema),
    403: problem('registration_closed: the chain has not said whom the data would be given to.'),
    409: problem('consent_outdated: the text has changed; details say to which version.'),
    ...problems,
  },
})

const change = createRoute({
  method: 'patch',
  path: '/v1/me',
  summary: 'Choose the language, what the bot tells, and whether it may advertise',
  ...ofPerson,
  request: body(changeMeSchema),
  responses: {
    200: json('The customer, changed.', meSchema),
    409: problem('consent_outdated: the text about advertising has changed.'),
    ...problems,
  },
})

const erase = createRoute({
  method: 'delete',
  path: '/v1/me',
  summary: 'Erase the person; their card and points end with it',
  ...ofPerson,
  responses: { 200: json('Nothing is kept that names them.', erasedSchema), ...problems },
})

const code = createRoute({
  method: 'get',
  path: '/v1/me/code',
  summary: 'A signed code to show at a register, good for a minute',
  ...ofPerson,
  responses: {
    200: json('The text of the QR code.', myCodeSchema),
    403: problem('customer_frozen: a register would refuse it.'),
    ...problems,
  },
})

const history = createRoute({
  method: 'get',
  path: '/v1/me/history',
  summary: 'What moved the points, the newest first',
  ...ofPerson,
  request: { query: historyQuerySchema },
  responses: { 200: json('A page; its next is asked for as before.', historyPageSchema), ...problems },
})

const expiry = createRoute({
  method: 'get',
  path: '/v1/me/expiry',
  summary: 'The days on which points die',
  ...ofPerson,
  responses: { 200: json('The earliest first.', expiryCalendarSchema), ...problems },
})

const referral = createRoute({
  method: 'get',
  path: '/v1/me/referral',
  summary: 'The link to invite friends by, and what came of it',
  ...ofPerson,
  responses: { 200: json('The code is theirs for good.', myReferralSchema), ...problems },
})

const vouchers = createRoute({
  method: 'get',
  path: '/v1/me/vouchers',
  summary: 'The vouchers that are theirs alone, with the codes to show at a register',
  ...ofPerson,
  responses: {
    200: json('The newest first; of what cannot be used there is no code.', myVouchersSchema),
    ...problems,
  },
})

interface Around extends Doors {
  botName(): string | null
  codes: Pick<Codes, 'sign'>
  chainName: string
  timeZone: string
  supportContact: string | undefined
  operator: Operator | undefined
}

export function meRoutes(app: App, cloud: Around) {
  app.use('/v1/me/*', personOnly(cloud))

  app.openapi(show, async (c) => c.json(await describe(cloud, await personOf(cloud, c)), 200))

  app.openapi(agree, async (c) => {
    const { id: telegramId, firstName, start } = c.get('telegramUser')
    const joining = await join(cloud.sql, secretOf(cloud), {
      telegramId,
      firstName,
      start,
      channel: 'mini_app',
      operator: cloud.operator,
      now: cloud.now(),
      ...c.req.valid('json'),
    })
    if (joining.status === 'consent_outdated') throw consentOutdated(cloud)
    if (joining.status === 'closed') {
      const message = 'Nobody can join: set OPERATOR_NAME, OPERATOR_ADDRESS and PRIVACY_POLICY_URL.'
      throw new ApiFailure(403, 'registration_closed', message)
    }
    if (joining.status === 'no_free_card') {
      throw new ApiFailure(
        503,
        'no_free_card',
        'Card numbers have run out; an administrator must set more digits.',
      )
    }
    return c.json(await describe(cloud, joining.person), 200)
  })

  app.openapi(change, async (c) => {
    const { language, notify, advertisingVersion: version } = c.req.valid('json')
    const { id } = c.get('telegramUser')
    const choices = {
      language,
      notifyPurchases: notify?.purchases,
      notifyExpiry: notify?.expiry,
      notifyStatus: notify?.status,
      notifyReferrals: notify?.referrals,
      notifyVouchers: notify?.vouchers,
    }
    if (version !== undefined) {
      const wish = version === null ? 'withdraw' : { version }
      const chosen = await chooseAdvertising(cloud.sql, id, { wish, channel: 'mini_app', now: cloud.now() })
      if (chosen === 'consent_outdated') throw consentOutdated(cloud)
    }
    const person = await choose(cloud.sql, id, choices)
    return c.json(await describe(cloud, person ?? notRegistered(cloud)), 200)
  })

  app.openapi(erase, async (c) => {
    const isErased = await forget(cloud.sql, c.get('telegramUser').id, {
      secret: secretOf(cloud),
      now: cloud.now(),
    })
    return c.json({ erased: isErased || notRegistered(cloud) }, 200)
  })

  app.openapi(code, async (c) => {
    const person = await personOf(cloud, c)
    const { card } = person
    const frozen = frozenOf(person)
    if (frozen)
      throw new ApiFailure(
        403,
        'customer_frozen',
        `The ${frozen} is frozen: a register would refuse the code.`,
      )
    const now = cloud.now()
    const signed = cloud.codes.sign({ card, now })
    return c.json({ code: signed.code, expiresAt: toIso(signed.expiresAt), serverTime: toIso(now) }, 200)
  })

  app.openapi(history, async (c) => {
    const { customerId, programmeId } = await personOf(cloud, c)
    const { before } = c.req.valid('query')
    const settings = await readSettings(cloud.sql, { programmeId })
    const page = { before, limit: HISTORY_PAGE, shownDays: settings.history_shown_days, now: cloud.now() }
    return c.json(await readHistory(cloud.sql, customerId, page), 200)
  })

  app.openapi(referral, async (c) => {
    const person = await personOf(cloud, c)
    const mine = await readMyReferral(cloud.sql, person, { now: cloud.now(), timeZone: cloud.timeZone })
    const botName = cloud.botName()
    return c.json({ ...mine, link: botName === null ? null : linkOf(botName, mine.code) }, 200)
  })

  app.openapi(vouchers, async (c) => {
    const { sql, timeZone, voucherKey } = cloud
    const person = await personOf(cloud, c)
    return c.json(
      { vouchers: await readMyVouchers(sql, person, { now: cloud.now(), timeZone, voucherKey }) },
      200,
    )
  })

  app.openapi(expiry, async (c) => {
    const { customerId } = await personOf(cloud, c)
    return c.json({ days: await readExpiryDays(cloud.sql, customerId, cloud.now()) }, 200)
  })
}

async function personOf(cloud: Around, c: Context<Env>): Promise<Person> {
  return (await findPerson(cloud.sql, c.get('telegramUser').id)) ?? notRegistered(cloud)
}

async function describe(cloud: Around, person: Person): Promise<Me> {
  const [customer, { programme }, myStatus, terms, vouchers] = await Promise.all([
    findCustomer(cloud.sql, person.card, cloud.now()),
    readProgramme(cloud.sql, { programmeId: person.programmeId, now: cloud.now() }),
    readMyStatus(cloud.sql, person, { now: cloud.now(), timeZone: cloud.timeZone }),
    readTerms(cloud.sql, person, { now: cloud.now() }),
    countMyVouchers(cloud.sql, person, { now: cloud.now(), timeZone: cloud.timeZone }),
  ])
  if (!customer) return notRegistered(cloud) // erased at this very moment
  const { status: _, ...view } = customer
  const frozen = frozenOf(person)
  return {
    ...view,
    chainName: cloud.chainName,
    timeZone: cloud.timeZone,
    ...(cloud.operator && { operator: cloud.operator }),
    ...(cloud.supportContact && { supportContact: cloud.supportContact }),
    isFrozen: frozen !== null,
    ...(frozen === 'programme' && { isProgrammeFrozen: true }),
    language: person.language,
    notify: {
      purchases: person.notifyPurchases,
      expiry: person.notifyExpiry,
      status: person.notifyStatus,
      referrals: person.notifyReferrals,
      vouchers: person.notifyVouchers,
    },
    ...(myStatus && { status: myStatus }),
    invites: terms !== null,
    ...(vouchers !== null && { vouchers }),
    consent: { version: person.consentVersion, at: toIso(person.consentedAt) },
    advertising: person.advertising && {
      version: person.advertising.version,
      at: toIso(person.advertising.at),
    },
    rules: {
      cashbackBasisPoints: programme.cashback_basis_points,
      maxDiscountBasisPoints: programme.max_discount_basis_points,
      lifetimeDays: programme.lifetime_days,
      historyShownDays: programme.history_shown_days,
      redeemProof: programme.redeem_proof,
    },
  }
}

function notRegistered(cloud: Around): never {
  throw new ApiFailure(404, 'not_registered', 'They have not agreed yet, so nothing is known of them.', {
    details: toAgree(cloud),
  })
}

const consentOutdated = (cloud: Around) =>
  new ApiFailure(
    409,
    'consent_outdated',
    'The text has changed since: show the present one, and ask again.',
    {
      details: toAgree(cloud),
    },
  )

/** Init data were let in, so there is a bot whose token signed them. */
function secretOf({ botToken }: Doors): string {
  if (botToken === null) throw new Error('a person without a bot')
  return botToken
}

const toAgree = ({ chainName, operator }: Around): NotRegistered => ({
  chainName,
  consentVersion,
  advertisingVersion,
  ...(operator && { operator }),
})
