import { z } from 'zod'
import { languageSchema } from '../me.ts'
import { instantSchema } from '../operation.ts'
import { segmentName } from '../rules/rule.ts'
import { idSchema, listQuery, pageOf, programmeQuery } from './list.ts'
import { campaignTrialSchema } from './trials.ts'

/** `proposed`: its start waits for approval. */
const campaignStates = ['draft', 'proposed', 'running', 'paused', 'finished'] as const

export const campaignsQuerySchema = z.object({
  ...programmeQuery,
  state: z.enum(campaignStates).optional(),
  sort: z.enum(['saved', 'started']).default('saved').describe('by this moment, the latest first'),
  ...listQuery,
})

const costSchema = z.object({
  points: z.int().nullable().describe('null: its rules have no budget, and nobody has counted them'),
  budget: z.int().nullable().describe('null: a part of it has none'),
})

const listedSchema = z.object({
  name: z.string(),
  title: z.string(),
  purpose: z.string(),
  audience: z.object({ name: z.string(), title: z.string() }),
  state: z.enum(campaignStates),
  version: z.int(),
  owner: z.string(),
  from: z.string().nullable().describe('by the clock of the programme'),
  until: z.string().nullable(),
  savedAt: instantSchema,
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  proposal: idSchema.nullable().describe('by which its start was proposed'),
  cost: costSchema,
})
export type ListedCampaign = z.infer<typeof listedSchema>

/** The latest first. */
export const campaignsSchema = pageOf('campaigns', listedSchema)

export const campaignParam = z.object({ name: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/) })
export const campaignQuerySchema = z.object(programmeQuery)

/** A campaign; `document` is what `campaign add` takes. */
export const campaignReplySchema = z.object({
  campaign: z.object({ ...listedSchema.shape, document: z.unknown() }),
  trial: campaignTrialSchema.nullable().describe('the latest one'),
  history: z
    .array(
      z.object({
        at: instantSchema,
        who: z.string(),
        act: z.string(),
        version: z.int().nullable().describe('what was saved'),
      }),
    )
    .describe('the latest first'),
})
export type CampaignReply = z.infer<typeof campaignReplySchema>

const groupSchema = z.object({
  people: z.int(),
  buyers: z.int(),
  purchases: z.int(),
  kopecks: z.int(),
})

/** What became of it since it was started. */
export const campaignResultsSchema = z.object({
  reached: z.int(),
  heldOut: z.int(),
  gifts: z.object({ people: z.int(), points: z.int(), refused: z.int(), waiting: z.int() }),
  messages: z
    .object({
      ...{ waiting: z.int(), sent: z.int(), noConsent: z.int(), noTelegram: z.int(), blocked: z.int() },
      ...{ overLimit: z.int(), noGift: z.int(), gone: z.int(), ended: z.int(), failed: z.int() },
    })
    .describe('what became of its message, by people'),
  rulePoints: z.int().describe('earned by its rules'),
  returnedPoints: z.int().describe('of these taken back with goods'),
  spentPoints: z.int().describe('by whom it reached, of whatever points'),
  audience: groupSchema,
  holdout: groupSchema,
  effect: z.object({
    kopecksEach: z.int().describe('how much more one of the audience has bought than one who was left out'),
    from: z.int(),
    to: z.int(),
    verdict: z.enum(['too_early', 'more', 'less']),
  }),
  asOf: instantSchema,
})
export type CampaignResults = z.infer<typeof campaignResultsSchema>

/** Of the people of a segment, or of a campaign for it. */
export const readerQuerySchema = z.object({
  ...programmeQuery,
  segment: segmentName.default('all'),
  campaign: campaignParam.shape.name.optional().describe('who is left out of it reads nothing'),
  holdout: z.coerce.number().int().min(0).max(90).default(0).describe('percent of them who are left out'),
})

/** The readers whom a message would reach now. */
export const messageReaderSchema = z.object({
  reader: z
    .object({
      ...{ id: idSchema, card: z.string(), firstName: z.string().nullable(), language: languageSchema },
      points: z.int().describe('on the card now'),
      hasGift: z.boolean().describe('of the campaign: it is among the points, or was'),
    })
    .nullable()
    .describe('the one with the newest card; null: nobody, or it is not for this role to see who'),
  readers: z.int().describe('about how many'),
  asOf: instantSchema,
})
export type MessageReader = z.infer<typeof messageReaderSchema>

export const audienceQuerySchema = z.object({
  ...programmeQuery,
  segment: segmentName.default('all'),
})

/** The customers of a segment, and how many of them Telegram reaches now. */
export const audienceSchema = z.object({
  segments: z.array(z.object({ name: z.string(), title: z.string() })).describe('those that there are'),
  customers: z.int(),
  members: z.int(),
  inTelegram: z.int().describe('of the members: they can be written to'),
  examples: z.array(
    z.object({
      id: idSchema,
      card: z.string(),
      firstName: z.string().nullable(),
      purchases: z.int(),
      netKopecks: z.int(),
      lastPurchaseAt: instantSchema.nullable(),
    }),
  ),
  asOf: instantSchema,
})
export type Audience = z.infer<typeof audienceSchema>
