import { z } from 'zod'
import { localMoment, ruleSchema, segmentName } from '../rules/rule.ts'
import { endsFirst, endsInTime } from '../rules/validity.ts'
import { campaignMessageSchema, hasPlace } from './message.ts'

/** Short enough for the budget of its rules to be named by it. */
const campaignName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,49}$/, 'lower-case letters, digits and dashes, beginning with a letter')

/** What a campaign does of itself: who is in it, who is left out, how long. */
const OF_CAMPAIGN = ['audience', 'holdout_percent', 'campaign'] as const

/** What a marketer bundles: for whom, what they get, for how long, and what it may cost. */
export const campaignSchema = z
  .strictObject({
    name: campaignName.meta({ title: 'Name', description: 'Never used again for another one.' }),
    title: z.string().trim().min(1).max(200).meta({ title: 'Title' }),
    purpose: z.string().trim().min(1).max(500).meta({ title: 'What it is for' }),
    audience: segmentName.default('all').meta({ title: 'For whom', description: 'A segment.' }),
    holdout_percent: z
      .int()
      .min(0)
      .max(90)
      .default(10)
      .meta({ title: 'Of these left out, so that its effect can be seen', unit: 'percent' }),
    rules: z
      .array(ruleSchema)
      .max(20)
      .default([])
      .meta({ title: 'Rules', description: 'They stand in the rule book while it runs.' }),
    budget_points: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .meta({ title: 'The most that its rules give in all', unit: 'points' }),
    gift: z
      .strictObject({
        points: z.int().min(1).max(10_000).meta({ title: 'Points to each, once', unit: 'points' }),
        budget_points: z
          .int()
          .min(1)
          .max(1_000_000_000)
          .optional()
          .meta({ title: 'The most in all', unit: 'points' }),
      })
      .optional()
      .meta({ title: 'Gift' }),
    message: campaignMessageSchema.optional().meta({
      title: 'Message in Telegram',
      description:
        'To each once who has agreed to advertising, in the daytime; with a gift, when it was given.',
    }),
    from: localMoment.optional().meta({ title: 'From', description: 'By the clock of the programme.' }),
    until: localMoment.optional().meta({ title: 'Until', description: 'A day is the last one.' }),
  })
  .refine(({ rules, gift, message }) => rules.length > 0 || gift || message, {
    path: ['rules'],
    error: 'it does nothing: rules, a gift or a message',
  })
  .refine(({ message, gift }) => !message || gift || !hasPlace(message, 'gift'), {
    path: ['message'],
    error: 'it says {gift}, and there is none',
  })
  .refine(({ message, until }) => !message || until || !hasPlace(message, 'date'), {
    path: ['message'],
    error: 'it says {date}, and the campaign has no last day',
  })
  .refine(({ rules, budget_points }) => budget_points === undefined || rules.length > 0, {
    path: ['budget_points'],
    error: 'there are no rules that could draw on it; a gift has a budget of its own',
  })
  .refine(endsInTime, endsFirst)
  .superRefine(({ rules }, context) => {
    for (const [index, rule] of rules.entries())
      for (const key of OF_CAMPAIGN)
        if (rule[key] !== undefined)
          context.addIssue({ code: 'custom', path: ['rules', index, key], message: 'the campaign says it' })
  })
  .meta({ title: 'Campaign' })
export type Campaign = z.infer<typeof campaignSchema>

/** A rule may end with its campaign, also where it says nothing of itself. */
export const hasBegun = ({ from }: Pick<Campaign, 'from'>, local: string) =>
  from === undefined || local >= from
export const isOver = ({ until }: Pick<Campaign, 'until'>, local: string) =>
  until !== undefined && (until.includes('T') ? local >= until : local.slice(0, 10) > until)
