import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  audienceQuerySchema,
  audienceSchema,
  campaignParam,
  campaignQuerySchema,
  campaignReplySchema,
  campaignResultsSchema,
  campaignsQuerySchema,
  campaignsSchema,
  type ListedCampaign,
  messageReaderSchema,
  readerQuerySchema,
} from '../../../shared/console/campaigns.ts'
import { campaignTrialSchema, trialQuerySchema, trialReplySchema } from '../../../shared/console/trials.ts'
import { toIso } from '../../../shared/time.ts'
import { authorFor, permissions, readings } from '../../acts/permissions.ts'
import { previewAudience } from '../../campaigns/audience.ts'
import { findCampaign, type KnownCampaign } from '../../campaigns/read.ts'
import { findReader } from '../../campaigns/reader.ts'
import { readResults } from '../../campaigns/results.ts'
import type { App, Doors, Env } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { originOf } from '../../http/sender.ts'
import { readSegmentsOf } from '../../insight/segments/read.ts'
import { askTrial, cancelTrial, readTrial } from '../../trials/trials.ts'
import type { Columns } from '../csv.ts'
import { formatPlace, placeOf } from '../cursor.ts'
import { readCampaigns, readHistory } from '../read/campaigns.ts'
import { noteView } from '../read/views.ts'
import { findInSight, outOfSight, refusePart } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead, refuseOtherRoles } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const problems = { ...staffProblems, ...notInSight }
const ofWhole = 'Points are of a programme: who sees a part of its stores is told of no campaign.'

const list = createRoute({
  method: 'get',
  path: '/v1/console/campaigns',
  summary: 'Campaigns by their state, with cost against budget',
  description: ofWhole,
  ...ofStaff,
  request: { query: campaignsQuerySchema },
  responses: { 200: jsonOrCsv('The latest first.', campaignsSchema), ...problems },
})

const audience = createRoute({
  method: 'get',
  path: '/v1/console/audience',
  summary: 'Who a campaign would reach now',
  description: ofWhole,
  ...ofStaff,
  request: { query: audienceQuerySchema },
  responses: { 200: json('How many they are, and ten of them.', audienceSchema), ...problems },
})

const reader = createRoute({
  method: 'get',
  path: '/v1/console/audience/reader',
  summary: 'Who would read the message of a campaign now: one of them',
  description: `${ofWhole} That somebody has looked at the one is in the log of changes, as \`customer view\`.`,
  ...ofStaff,
  request: { query: readerQuerySchema },
  responses: { 200: json('The one with the newest card.', messageReaderSchema), ...problems },
})

const one = { params: campaignParam, query: campaignQuerySchema }
const show = createRoute({
  method: 'get',
  path: '/v1/console/campaigns/{name}',
  summary: 'One campaign with its versions, and its latest trial',
  description: ofWhole,
  ...ofStaff,
  request: one,
  responses: { 200: json('The campaign.', campaignReplySchema), ...problems },
})

const results = createRoute({
  method: 'get',
  path: '/v1/console/campaigns/{name}/results',
  summary: 'What became of a campaign, and what it brought',
  description: ofWhole,
  ...ofStaff,
  request: one,
  responses: { 200: json('Since it was started.', campaignResultsSchema), ...problems },
})

const start = createRoute({
  method: 'post',
  path: '/v1/console/campaigns/{name}/trial',
  summary: 'Work out what a campaign would have cost',
  description: 'It takes its time: `trial` of the campaign says how far it is. The one before is given up.',
  ...ofStaff,
  request: { params: campaignParam, query: trialQuerySchema },
  responses: { 202: json('It waits for its turn.', trialReplySchema), ...problems },
})

const cancel = createRoute({
  method: 'delete',
  path: '/v1/console/campaigns/{name}/trial',
  summary: 'Give a trial up',
  description: 'One that has ended stays as it is.',
  ...ofStaff,
  request: one,
  responses: { 200: json('How it stands.', trialReplySchema), ...problems },
})

interface Around extends Doors {
  timeZone: string
}

export function campaignRoutes(app: App, { sql, now, timeZone }: Around) {
  for (const { path } of [list, audience, reader]) app.use(path, mayRead('campaigns'))
  app.use(`${list.path}/*`, mayRead('campaigns'))

  async function segmentsFor(c: Context<Env>, where: { programme?: number | undefined }) {
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    refusePart(place)
    return await readSegmentsOf(sql, { programmeId: place.programmeId, now: now(), timeZone })
  }

  async function findOne(c: Context<Env>, name: string, where: { programme?: number | undefined }) {
    const segments = await segmentsFor(c, where)
    const { programmeId } = segments
    const known = await findCampaign(sql, { programmeId, name })
    if (!known) throw outOfSight()
    return { segments, programmeId, known }
  }

  app.openapi(list, async (c) => {
    const { format, after, limit: asked, sort, state, ...where } = c.req.valid('query')
    const segments = await segmentsFor(c, where)
    const limit = rowsOf({ limit: asked, format })
    const wanted = { segments, state, sort, after: placeOf(after, sort), limit: limit + 1, now: now() }
    const found = await readCampaigns(sql, wanted)
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const next = last ? formatPlace(sort, { key: last.sortedBy, id: last.id }) : null
    const campaigns = page.map(({ listed }) => listed)
    if (format === 'json') return c.json({ campaigns, next, asOf: toIso(now()) }, 200)
    const more = next === null ? null : { after: next }
    return csvReply(c, { name: 'campaigns', rows: campaigns, columns, next: more })
  })

  app.openapi(audience, async (c) => {
    const { segment, ...where } = c.req.valid('query')
    const segments = await segmentsFor(c, where)
    const found = segments.known.get(segment)
    if (!found) throw outOfSight()
    const { examples, ...counts } = await previewAudience(sql, found.definition, segments)
    const reply = {
      ...counts,
      segments: [...segments.known.values()].map(({ name, title }) => ({ name, title })),
      examples: examples.map(({ lastPurchaseAt, ...example }) => ({
        ...{ ...example, lastPurchaseAt: lastPurchaseAt === null ? null : toIso(lastPurchaseAt) },
      })),
      asOf: toIso(now()),
    }
    return c.json(reply, 200)
  })

  app.openapi(reader, async (c) => {
    const { segment, campaign, holdout: holdoutPercent, ...where } = c.req.valid('query')
    const segments = await segmentsFor(c, where)
    const definition = segments.known.get(segment)?.definition
    if (!definition) throw outOfSight()
    const found = await findReader(sql, { definition, segments, campaign, holdoutPercent }, now())
    const { person } = c.get('session')
    const mayKnow = authorFor(person, readings.customers) !== null
    if (found.reader && mayKnow) await noteView(sql, { person, card: found.reader.card, from: originOf(c) })
    return c.json({ ...found, reader: mayKnow ? found.reader : null, asOf: toIso(now()) }, 200)
  })

  app.openapi(show, async (c) => {
    const { name } = c.req.valid('param')
    const { segments, programmeId } = await findOne(c, name, c.req.valid('query'))
    const [[found], history] = await Promise.all([
      readCampaigns(sql, { segments, name, limit: 1, now: now() }),
      readHistory(sql, { programmeId, name }),
    ])
    if (!found) throw outOfSight()
    const campaign = { ...found.listed, document: found.campaign }
    return c.json({ campaign, history, trial: await trialOf(found.id) }, 200)
  })

  app.openapi(results, async (c) => {
    const { known, segments } = await findOne(c, c.req.valid('param').name, c.req.valid('query'))
    const { timeZone } = segments
    const { asOf, ...found } = await readResults(sql, known, { now: now(), timeZone })
    return c.json({ ...found, asOf: toIso(asOf) }, 200)
  })

  app.openapi(start, async (c) => {
    const { person } = c.get('session')
    const { days, ...where } = c.req.valid('query')
    const { known } = await findOne(c, c.req.valid('param').name, where)
    refuseTrying(c)
    const { id: campaignId, programmeId, version, campaign: document } = known
    await askTrial(sql, { campaignId, programmeId, version, document, days, by: person.name, now: now() })
    return c.json(await askedTrial(known), 202)
  })

  app.openapi(cancel, async (c) => {
    const { known } = await findOne(c, c.req.valid('param').name, c.req.valid('query'))
    refuseTrying(c)
    await cancelTrial(sql, { campaignId: known.id }, now())
    return c.json(await askedTrial(known), 200)
  })

  async function trialOf(campaignId: number) {
    const kept = await readTrial(sql, { campaignId })
    return kept && campaignTrialSchema.parse(kept)
  }
  async function askedTrial({ id }: Pick<KnownCampaign, 'id'>) {
    const trial = await trialOf(id)
    if (!trial) throw outOfSight()
    return { trial }
  }
}

/** A trial is work for the database: it is for those who write campaigns. */
const refuseTrying = (c: Context<Env>) =>
  refuseOtherRoles(c.get('session').person, permissions['campaign add'])

const columns: Columns<ListedCampaign> = {
  name: ({ name }) => name,
  title: ({ title }) => title,
  state: ({ state }) => state,
  audience: ({ audience }) => audience.name,
  points: ({ cost }) => cost.points,
  budget: ({ cost }) => cost.budget,
  from: ({ from }) => from,
  until: ({ until }) => until,
  version: ({ version }) => version,
  owner: ({ owner }) => owner,
  saved_at: ({ savedAt }) => savedAt,
  started_at: ({ startedAt }) => startedAt,
  finished_at: ({ finishedAt }) => finishedAt,
}
