import { z } from 'zod'
import { campaignSchema } from '../../shared/campaigns/campaign.ts'
import { moment, toIso } from '../../shared/time.ts'
import { InputError, perform } from '../acts/act.ts'
import { testCampaign } from '../acts/campaignMessages.ts'
import { addCampaign, finishCampaign, pauseCampaign, startCampaign } from '../acts/campaigns.ts'
import { instantInput, textInput } from '../acts/inputs.ts'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { previewMessage } from '../campaigns/preview.ts'
import { findCampaign, type KnownCampaign, listCampaigns } from '../campaigns/read.ts'
import { type Messages, readResults } from '../campaigns/results.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { runJobByHand } from './jobs.ts'
import { rubles, table } from './print.ts'
import { readWrittenFile } from './writtenFile.ts'

const shown = ({ campaign, version, state, owner, startedAt, finishedAt }: KnownCampaign) => ({
  ...{ name: campaign.name, title: campaign.title, audience: campaign.audience, version, state, owner },
  ...{ from: campaign.from ?? null, until: campaign.until ?? null },
  startedAt: startedAt === null ? null : toIso(startedAt),
  finishedAt: finishedAt === null ? null : toIso(finishedAt),
})

async function list({ sql }: House, { programme }: { programme?: string | undefined }) {
  const { id: programmeId } = await findProgramme(sql, programme)
  return { campaigns: (await listCampaigns(sql, programmeId)).map(shown) }
}

const nameInput = z.strictObject({ campaign: textInput, programme: programmeInput })

async function show(
  { sql, now, timeZone }: House,
  { campaign: name, programme }: z.output<typeof nameInput>,
) {
  const { id: programmeId } = await findProgramme(sql, programme)
  const known = await findCampaign(sql, { programmeId, name })
  if (!known) throw new InputError(`There is no campaign ${name}: see "campaign list".`)
  const results = known.state === 'draft' ? null : await readResults(sql, known, { now, timeZone })
  return {
    ...shown(known),
    document: known.campaign,
    results: results && { ...results, asOf: toIso(results.asOf) },
  }
}

async function preview(
  { sql, now, timeZone }: House,
  { campaign: name, programme }: z.output<typeof nameInput>,
) {
  const { id: programmeId } = await findProgramme(sql, programme)
  const known = await findCampaign(sql, { programmeId, name })
  if (!known) throw new InputError(`There is no campaign ${name}: see "campaign list".`)
  const message = await previewMessage(sql, known, { now, timeZone })
  if (!message) throw new InputError(`Campaign ${name} has no message.`)
  return message
}

async function readCampaignFile(file: string) {
  const read = campaignSchema.safeParse(await readWrittenFile(file))
  if (read.success) return read.data
  const problems = read.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the document'}: ${message}.`,
  )
  throw new InputError(`${file} is no campaign. ${problems.join(' ')}`)
}

const verdicts = {
  too_early: 'It is too early to tell',
  more: 'It brings more',
  less: 'It brings less',
}

function textOf({
  name,
  title,
  state,
  version,
  audience,
  document,
  results,
}: Awaited<ReturnType<typeof show>>): string {
  const head = `${name}, "${title}": ${state}, version ${version}, for ${audience}.`
  if (!results) return `${head}\n\n${JSON.stringify(document, null, 2)}`
  const {
    gifts,
    messages,
    effect,
    audience: reached,
    holdout,
    rulePoints,
    returnedPoints,
    spentPoints,
  } = results
  return [
    head,
    `Gifts: ${gifts.points} points to ${gifts.people} people, ${gifts.refused} refused, ${gifts.waiting} waiting. ` +
      `Earned by its rules: ${rulePoints} points, of them taken back with goods: ${returnedPoints}. Spent by its people: ${spentPoints} points.`,
    ...(document.message ? [`Messages: ${messagesOf(messages)}.`] : []),
    table(
      ['group', 'people', 'buyers', 'purchases', 'rubles'],
      [
        ['reached', reached.people, reached.buyers, reached.purchases, rubles(reached.kopecks)],
        ['left out', holdout.people, holdout.buyers, holdout.purchases, rubles(holdout.kopecks)],
      ],
    ),
    `${verdicts[effect.verdict]}: ${rubles(effect.kopecksEach)} rubles more a person, between ` +
      `${rubles(effect.from)} and ${rubles(effect.to)}.`,
  ].join('\n\n')
}

const messagesOf = (counts: Messages) =>
  Object.entries(messageWords)
    .flatMap(([key, said]) => {
      const count = counts[key as keyof Messages]
      return count > 0 || key === 'waiting' || key === 'sent' ? [`${count} ${said}`] : []
    })
    .join(', ')

const messageWords: Record<keyof Messages, string> = {
  waiting: 'to send',
  sent: 'sent',
  noConsent: 'without consent to advertising',
  noTelegram: 'not in Telegram',
  blocked: 'blocked the bot',
  overLimit: 'had enough of them this week',
  noGift: 'could not be given the gift',
  gone: 'erased, merged or frozen',
  ended: 'not sent before it was over',
  failed: 'not taken by Telegram',
}

const moved = ({ campaign, state }: { campaign: string; state: string }) =>
  `Campaign ${campaign} is ${state}.`

export const campaignCommands: Record<string, Command> = {
  'campaign list': command({
    usage: 'campaign list [--programme <id or name>]',
    input: z.strictObject({ programme: programmeInput }),
    run: list,
    text: ({ campaigns }) =>
      table(
        ['name', 'title', 'state', 'version', 'for', 'started (UTC)', 'owner'],
        campaigns.map(({ name, title, state, version, audience, startedAt, owner }) => [
          ...[name, title, state, version, audience, startedAt === null ? null : moment(startedAt), owner],
        ]),
      ),
  }),
  'campaign show': command({
    usage: 'campaign show <name> [--programme <id or name>]',
    input: nameInput,
    positionals: ['campaign'],
    run: show,
    text: textOf,
  }),
  'campaign add': command({
    usage: 'campaign add <file> [--programme <id or name>]',
    input: z.strictObject({ file: z.string().min(1), programme: programmeInput }),
    positionals: ['file'],
    run: async (house, { file, programme }) =>
      await perform(addCampaign, { campaign: await readCampaignFile(file), programme }, house),
    text: ({ campaign, version }) =>
      `Campaign ${campaign} is saved, version ${version}. "campaign start ${campaign}" starts it.`,
  }),
  'campaign start': commandOf(startCampaign, {
    usage: 'campaign start <name> [--programme <id or name>]',
    positionals: ['campaign'],
    text: moved,
  }),
  'campaign pause': commandOf(pauseCampaign, {
    usage: 'campaign pause <name> [--programme <id or name>]',
    positionals: ['campaign'],
    text: moved,
  }),
  'campaign finish': commandOf(finishCampaign, {
    usage: 'campaign finish <name> [--programme <id or name>]',
    positionals: ['campaign'],
    text: moved,
  }),
  'campaign preview': command({
    usage: 'campaign preview <name> [--programme <id or name>]',
    input: nameInput,
    positionals: ['campaign'],
    run: preview,
    text: ({ text, card, readers }) =>
      [
        card === null
          ? 'Nobody would have it now. It would read like this:'
          : `To the customer of card ${card}:`,
        text,
        `About ${readers} may be told now.`,
      ].join('\n\n'),
  }),
  'campaign test': commandOf(testCampaign, {
    usage: 'campaign test <name> --card <card of the staff> [--programme <id or name>]',
    positionals: ['campaign'],
    text: ({ campaign, card }) => `The message of ${campaign} goes to card ${card}.`,
  }),
  'campaign run': command({
    usage: 'campaign run [--now <ISO time>]',
    input: z.strictObject({ now: instantInput.optional() }),
    run: async (house, { now }) => await runJobByHand(house, { job: 'campaigns', now }),
    text: ({ job: _, now: __, ...counts }) =>
      `Running campaigns did what there was to do: ${Object.entries(counts).map((count) => count.join(' '))}.`,
  }),
}
