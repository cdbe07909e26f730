import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Campaign, campaignSchema } from '../../shared/campaigns/campaign.ts'
import { atAnyTime, withCampaign, withoutCampaign } from '../../shared/campaigns/inBook.ts'
import { worthKopecks } from '../../shared/money.ts'
import { type BookDocument, bookDocumentSchema } from '../../shared/rules/book.ts'
import { endsFirst, hasAnyTime } from '../../shared/rules/validity.ts'
import { DEFAULT_TIME_ZONE } from '../../shared/time.ts'
import { costOfGift } from '../campaigns/audience.ts'
import { readStanding } from '../campaigns/books.ts'
import { findCampaign, type KnownCampaign, moveCampaign, saveCampaign } from '../campaigns/read.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import { publishBook } from '../ledger/books.ts'
import { authorName } from '../ledger/rows.ts'
import { readThresholds } from '../ledger/thresholds.ts'
import { ActError, act, type By, InputError } from './act.ts'
import { weighBook } from './bookCost.ts'
import { checkBook, sentencesOf } from './books.ts'
import { idInput, textInput } from './inputs.ts'
import { canonical } from './once.ts'
import { placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'
import type { Weight } from './proposalRows.ts'

const named = z.strictObject({ campaign: textInput, programme: programmeInput })
const place = (sql: Sql | Tx, { programme }: { programme?: string | undefined }) =>
  placeOfProgramme(sql, programme)

/** Saves a draft, or another version of a campaign that does not run. */
export const addCampaign = act({
  name: 'campaign add',
  title: 'Save a campaign',
  input: z.strictObject({
    campaign: campaignSchema,
    /** The version it was made from, or `new`: refused where a newer one was saved since, which it would undo. */
    follows: z.union([z.literal('new'), idInput]).optional(),
    programme: programmeInput,
  }),
  place,
  async run(sql, { campaign, follows, programme }, { who, now, timeZone = DEFAULT_TIME_ZONE }) {
    const { id: programmeId } = await lockProgramme(sql, programme)
    const { name } = campaign
    const before = await findCampaign(sql, { programmeId, name }, { lock: true })
    if (follows !== undefined && follows !== (before?.version ?? 'new'))
      throw new ActError(
        'campaign_overtaken',
        `Version ${before?.version ?? 'none'} of ${name} is there by now: begin with that one. Nothing was changed.`,
      )
    if (before?.state === 'running')
      throw new ActError('campaign_running', `${name} is running: pause it first. Nothing was changed.`)
    if (before?.state === 'finished')
      throw new ActError('campaign_finished', `${name} is over: take another name. Nothing was changed.`)
    if (before && isChosen(before) && !isForTheSame(before.campaign, campaign))
      throw new ActError(
        'campaign_chosen',
        `The people of ${name} are chosen already: for others it is another campaign. Nothing was changed.`,
      )
    const segments = await readSegmentsOf(sql, { programmeId, now, timeZone })
    if (!segments.known.has(campaign.audience))
      throw new InputError(
        `There is no segment ${campaign.audience}: see "segment list". Nothing was changed.`,
      )
    if (!hasAnyTime(campaign)) throw new InputError(`The campaign was not saved. until: ${endsFirst.error}.`)
    await refuseBadRules(sql, programmeId, campaign)
    const version = await saveCampaign(sql, { programmeId, campaign, owner: authorName(who), now })
    return {
      result: { campaign: name, version },
      change: {
        subject: subjectOf(name, programmeId),
        ...(before && { before: { version: before.version, document: JSON.stringify(before.campaign) } }),
        after: { version, document: JSON.stringify(campaign) },
      },
    }
  },
})

/** Starts a campaign: its rules go into the rule book, and its gifts begin on its first day. */
export const startCampaign = act({
  name: 'campaign start',
  title: 'Start a campaign, or go on with it',
  input: named,
  place,
  /** A campaign that cannot be started at all is refused by `run`. */
  async weigh(sql, { campaign: name, programme }, by) {
    const { id: programmeId } = await lockProgramme(sql, programme)
    const known = await findCampaign(sql, { programmeId, name }, { lock: true })
    if (!known || known.state === 'running' || known.state === 'finished') return null
    return await weighCampaign(sql, known, by)
  },
  async run(sql, { campaign: name, programme }, by) {
    const { id: programmeId } = await lockProgramme(sql, programme)
    const known = await lockCampaign(sql, programmeId, name)
    if (known.state === 'running' || known.state === 'finished')
      throw new ActError('campaign_not_waiting', `${name} is ${known.state} already. Nothing was changed.`)
    const { campaign, version } = known
    await publishWith(sql, known, by, (document) =>
      campaign.rules.length > 0 ? withCampaign(document, campaign) : withoutCampaign(document, name),
    )
    // One that goes on has given the most of it: what it may give was told when it began.
    const isNew = known.state === 'draft' && campaign.gift !== undefined
    const gift = isNew && { giftKopecks: worthKopecks((await costOf(sql, known, by)).points) }
    return await move(sql, known, by, { to: 'running', version, ...gift })
  },
})

/** Pauses a campaign: its rules leave the book, and no more gifts are given; its people and gifts stay as they are. */
export const pauseCampaign = act({
  name: 'campaign pause',
  title: 'Pause a campaign',
  input: named,
  place,
  async run(sql, { campaign: name, programme }, by) {
    const { id: programmeId } = await lockProgramme(sql, programme)
    const known = await lockCampaign(sql, programmeId, name)
    if (known.state !== 'running')
      throw new ActError('campaign_not_running', `${name} is ${known.state}: only a running one is paused.`)
    await publishWith(sql, known, by, (document) => withoutCampaign(document, name))
    return await move(sql, known, by, { to: 'paused' })
  },
})

/** Ends a campaign for good: its results are of the time until now. */
export const finishCampaign = act({
  name: 'campaign finish',
  title: 'Finish a campaign',
  input: named,
  place,
  async run(sql, { campaign: name, programme }, by) {
    const { id: programmeId } = await lockProgramme(sql, programme)
    const known = await lockCampaign(sql, programmeId, name)
    if (known.state === 'draft' || known.state === 'finished')
      throw new ActError(
        'campaign_not_running',
        `${name} is ${known.state}: only one that has run is finished.`,
      )
    await publishWith(sql, known, by, (document) => withoutCampaign(document, name))
    return await move(sql, known, by, { to: 'finished' })
  },
})

const isChosen = ({ chosenTo, chosenAt }: KnownCampaign) => chosenTo > 0 || chosenAt !== null
const isForTheSame = (one: Campaign, other: Campaign) =>
  one.audience === other.audience && one.holdout_percent === other.holdout_percent

const subjectOf = (name: string, programmeId: number) => `campaign ${name} of programme ${programmeId}`

/** Books and campaigns of a programme change one after the other. */
async function lockProgramme(sql: Tx, programme: string | undefined) {
  const found = await findProgramme(sql, programme)
  await sql`select from programmes where id = ${found.id} for no key update`
  return found
}

async function lockCampaign(sql: Tx, programmeId: number, name: string): Promise<KnownCampaign> {
  const known = await findCampaign(sql, { programmeId, name }, { lock: true })
  if (known) return known
  throw new ActError('campaign_not_found', `There is no campaign ${name}: see "campaign list".`)
}

async function move(
  sql: Tx,
  { id, programmeId, campaign: { name }, state }: KnownCampaign,
  { now }: By,
  { to, ...more }: { to: 'running' | 'paused' | 'finished'; version?: number; giftKopecks?: number },
) {
  await moveCampaign(sql, id, { state: to, now })
  const change = { subject: subjectOf(name, programmeId), before: { state }, after: { state: to, ...more } }
  return { result: { campaign: name, state: to }, change }
}

/** Publishes the next version of the book, and of each future one, where the campaign changes it. */
async function publishWith(
  sql: Tx,
  { programmeId, campaign: { name } }: KnownCampaign,
  { who, now }: By,
  change: (document: BookDocument) => BookDocument,
): Promise<void> {
  const { current, toCome } = await readStanding(sql, programmeId, now)
  for (const { document: before, validFrom } of [{ ...current, validFrom: now }, ...toCome]) {
    const changed = change(before)
    if (canonical(changed) === canonical(before)) continue
    const { document, problems } = await checkBook(sql, programmeId, changed, { isKept: true })
    if (!document) throw new InputError(`The rules of ${name} do not fit the book. ${sentencesOf(problems)}`)
    const publication = { document, validFrom, now, by: authorName(who), reason: `campaign ${name}` }
    await publishBook(sql, { programmeId, ...publication })
  }
}

/** Checks the rules by themselves; whether they fit the book is asked when the campaign starts. */
async function refuseBadRules(sql: Tx, programmeId: number, campaign: Campaign): Promise<void> {
  if (campaign.rules.length === 0) return
  const own = { ...campaign, rules: campaign.rules.map(({ budget: _, ...rule }) => rule) }
  const { problems } = await checkBook(sql, programmeId, withCampaign(bookDocumentSchema.parse({}), own))
  if (problems.length > 0) throw new InputError(`The campaign was not saved. ${sentencesOf(problems)}`)
}

/** The cost of its rules as a book, and the most that its gifts may cost; null where one person may decide on it. */
async function weighCampaign(sql: Tx, known: KnownCampaign, by: By): Promise<Weight | null> {
  const { programmeId, campaign, version } = known
  const { points, definition } = await costOf(sql, known, by)
  const gift = worthKopecks(points)
  const weight =
    campaign.rules.length > 0
      ? await weighRules(sql, { programmeId, campaign, beside: gift }, by)
      : await weighGift(sql, { programmeId, gift }, by)
  if (!weight) return null
  const hash = createHash('sha256').update(canonical({ campaign, definition })).digest('hex')
  return { ...weight, basis: { ...weight.basis, campaign: hash, campaignVersion: version } }
}

async function costOf(
  sql: Tx,
  { programmeId, campaign }: KnownCampaign,
  { now, timeZone = DEFAULT_TIME_ZONE }: By,
) {
  const segments = await readSegmentsOf(sql, { programmeId, now, timeZone })
  return await costOfGift(sql, campaign, segments)
}

/** Weighs the rules by the purchases of the latest month, also where the campaign begins later. */
async function weighRules(
  sql: Tx,
  { programmeId, campaign, beside }: { programmeId: number; campaign: Campaign; beside: number },
  by: By,
): Promise<Weight | null> {
  const { current } = await readStanding(sql, programmeId, by.now)
  const document = withCampaign(current.document, atAnyTime(campaign))
  return await weighBook(sql, { programmeId, document, beside }, by)
}

async function weighGift(
  sql: Tx,
  { programmeId, gift }: { programmeId: number; gift: number },
  { proposal }: By,
): Promise<Weight | null> {
  const { approval_book_kopecks: most } = await readThresholds(sql, programmeId)
  if (proposal === undefined && gift <= most) return null
  return { programmeId, effect: { points: gift / worthKopecks(1), kopecks: gift }, basis: {} }
}
