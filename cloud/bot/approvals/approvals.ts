import type { MiddlewareFn } from 'grammy'
import { proveAgain } from '../../access/staff/secondFactor.ts'
import {
  ask,
  bindTelegram,
  FROM_TELEGRAM,
  findMember,
  forgetQuestion,
  type Member,
  type Question,
  questionOf,
  tokenInStart,
} from '../../access/staff/telegram.ts'
import { ActError, InputError, perform } from '../../acts/act.ts'
import { type Listed, readProposals } from '../../acts/proposalList.ts'
import { approveProposal, rejectProposal } from '../../acts/proposals.ts'
import type { BotContext, Talk } from '../context.ts'
import { problemOf } from '../faults.ts'
import { type Html, html } from '../html.ts'
import { acknowledge, say, type Toast } from '../reply.ts'
import { type ProposalButton, readProposalButton } from './button.ts'
import { hasApproved } from './describe.ts'
import { showAgain } from './tell.ts'
import { approvalTexts } from './texts.ts'

/**
 * The bot as staff meet it: a chat is bound by a link of the console, and proposals are decided in it by the acts by which the
 * console decides them. Whatever is none of that goes on to what customers do, in the same chat too.
 */
export function approvals(context: BotContext): MiddlewareFn<Talk> {
  return async (talk, next) => {
    const text = talk.message?.text
    const token = tokenInStart(/^\/start (\S+)$/.exec(text ?? '')?.[1])
    if (token !== null) return await bind(context, talk, token)
    const button = readProposalButton(talk.callbackQuery?.data)
    if (button) return await acknowledge(talk, await press(context, talk, button))
    const isAnswer = text !== undefined && !text.startsWith('/')
    const question = isAnswer ? await questionOf(context.sql, talk.sender.id, context.now()) : null
    if (question === null || text === undefined) return await next()
    await answer(context, talk, { question, text })
  }
}

async function bind({ sql, now }: BotContext, talk: Talk, token: string): Promise<void> {
  const binding = await bindTelegram(sql, { token, telegramId: talk.sender.id, now: now() })
  const texts = approvalTexts[binding.status === 'over' ? talk.words.language : binding.language]
  if (binding.status === 'bound') await say(talk, texts.bound(binding.account))
  else await say(talk, binding.status === 'over' ? texts.linkOver : texts.taken)
}

/** A button may be of any age, and its chat or its account may have ended since: nothing is done by what was true then. */
async function press(context: BotContext, talk: Talk, button: ProposalButton): Promise<Toast> {
  const { sql, now } = context
  const { deed, proposal: id, seen } = button
  const member = await findMember(sql, talk.sender.id)
  if (!member) return approvalTexts[talk.words.language].notBound
  const texts = approvalTexts[member.language]
  const message = talk.callbackQuery?.message?.message_id ?? 0
  const [proposal] = await readProposals(sql, { sees: member.person, id, limit: 1, now: now() })
  if (!proposal) return texts.refusals.out_of_sight
  const stale = staleOf(proposal, seen)
  if (stale !== null) {
    await redraw(context, talk, { member, id, message })
    return texts.refusals[stale]
  }
  const question = { proposal: id, hash: proposal.hash, message }
  if (deed === 'reject') {
    await ask(sql, talk.sender.id, { ...question, asks: 'reason', now: now() })
    await say(talk, texts.askReason)
    return undefined
  }
  if (hasApproved(proposal, member.person.name)) return texts.already
  if (!member.needsCode) return await approve(context, talk, { member, question })
  if (!member.hasSecondFactor) return texts.noFactor
  await ask(sql, talk.sender.id, { ...question, asks: 'code', now: now() })
  await say(talk, texts.askCode)
  return undefined
}

/** Why there is nothing to ask about any more; null where there is. */
function staleOf({ state, hash }: Listed, seen: string): string | null {
  if (state === 'open') return hash.startsWith(seen) ? null : 'proposal_edited'
  return state === 'lapsed' ? 'proposal_lapsed' : 'proposal_decided'
}

async function answer(
  context: BotContext,
  talk: Talk,
  { question, text }: { question: Question; text: string },
): Promise<void> {
  const { sql, now } = context
  const { id: telegramId } = talk.sender
  if (question.asks === 'code') await removeCode(context, talk)
  const member = await findMember(sql, telegramId)
  if (!member) {
    await forgetQuestion(sql, telegramId)
    return await say(talk, html`${approvalTexts[talk.words.language].notBound}`)
  }
  const texts = approvalTexts[member.language]
  if (question.asks === 'reason') {
    const said = await reject(context, talk, { member, question, reason: text })
    return await say(talk, said)
  }
  const given = { account: member.person.name, code: text.replaceAll(/\s/g, ''), now: now() }
  const proof = await proveAgain(sql, given)
  if (proof === 'wrong') return await say(talk, texts.codeWrong)
  await forgetQuestion(sql, telegramId)
  if (proof === 'locked') return await say(talk, texts.codeLocked)
  const refusal = await approve(context, talk, { member, question })
  await say(talk, refusal === undefined ? texts.codeTaken : html`${refusal}`)
}

/** A code is good for a moment, but a chat is kept for ever. Where it cannot be removed, it is used up all the same. */
async function removeCode({ log, token }: BotContext, talk: Talk): Promise<void> {
  await talk
    .deleteMessage()
    .catch((error) => log.warn({ problem: problemOf(error, token) }, 'a code was not removed from a chat'))
}

type Asked = Pick<Question, 'proposal' | 'hash' | 'message'>

/** Why it was not; undefined where the message says that it was. */
async function approve(
  context: BotContext,
  talk: Talk,
  { member, question }: { member: Member; question: Asked },
): Promise<Toast> {
  const { proposal, hash, message } = question
  try {
    await perform(approveProposal, { proposal, hash }, actingFor(context, member))
    return undefined
  } catch (error) {
    return refusalOf(error, member)
  } finally {
    await redraw(context, talk, { member, id: proposal, message })
  }
}

async function reject(
  context: BotContext,
  talk: Talk,
  { member, question, reason }: { member: Member; question: Question; reason: string },
): Promise<Html> {
  const { proposal, hash, message } = question
  const texts = approvalTexts[member.language]
  try {
    await perform(rejectProposal, { proposal, hash, reason }, actingFor(context, member))
  } catch (error) {
    if (error instanceof InputError) return texts.reasonWrong
    await forgetQuestion(context.sql, talk.sender.id)
    return html`${refusalOf(error, member)}`
  }
  await forgetQuestion(context.sql, talk.sender.id)
  await redraw(context, talk, { member, id: proposal, message })
  return texts.rejected(member.person.name, reason)
}

/** Telegram shows so much over a chat. */
const LONGEST_TOAST = 200

function refusalOf(error: unknown, { language }: Member): string {
  if (!(error instanceof ActError)) throw error
  const texts = approvalTexts[language]
  return (texts.refusals[error.code] ?? texts.refused(error.message)).slice(0, LONGEST_TOAST)
}

/** As the person, from Telegram: what they may do is asked by the act. */
const actingFor = (context: BotContext, { person: who }: Member) => {
  const { sql, now, timeZone, holdSeconds, token: botToken, voucherKey } = context
  return { sql, who, from: FROM_TELEGRAM, now: now(), timeZone, holdSeconds, botToken, voucherKey }
}

/** What was decided is decided, whether or not the message says so yet: the job writes it there where this could not. */
async function redraw(
  { sql, now, timeZone, publicUrl, log, token }: BotContext,
  { api, sender }: Talk,
  { member, id, message }: { member: Member; id: number; message: number },
): Promise<void> {
  const { language, person } = member
  const shown = { id, telegramId: sender.id, messageId: message, account: person.name, language }
  await showAgain(sql, now(), { place: { api, timeZone, publicUrl }, shown }).catch((error) =>
    log.warn({ problem: problemOf(error, token) }, 'a message does not say yet what was decided'),
  )
}
