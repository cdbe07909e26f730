import type { Language } from '../../../shared/me.ts'
import { formatCard, formatKopecks, formatSigned, NO_BREAK_SPACE } from '../../../shared/numbers.ts'
import { bookAt, bookDocumentSchema } from '../../../shared/rules/book.ts'
import { type Difference, differencesOf } from '../../../shared/rules/difference.ts'
import type { Instant } from '../../../shared/time.ts'
import { type VoucherAudience, voucherBatchSchema } from '../../../shared/voucherBatch.ts'
import { bookWords } from '../../../shared/words/book.ts'
import { roleTitles } from '../../../shared/words/roles.ts'
import type { Listed } from '../../acts/proposalList.ts'
import type { Sql } from '../../database/connect.ts'
import { readRules } from '../../ledger/programme.ts'
import { type Html, lines, paragraphs } from '../html.ts'
import { type ApprovalTexts, approvalTexts, firstOf, saidValue } from './texts.ts'

/** For whom it is written, and what they were told of. */
export interface Reader {
  account: string
  language: Language
  /** The version of the message; null: the latest. */
  proposedAt: Instant | null
  /** Of the shops. */
  timeZone: string
  now: Instant
}

/** What somebody decides about: exactly what, what it does, who wants it and why, and how it stands. */
export async function describeProposal(sql: Sql, proposal: Listed, reader: Reader): Promise<Html> {
  const texts = approvalTexts[reader.language]
  const { id, act, input, proposedBy, needs, approvals } = proposal
  // An older version is not told any more: only that it is over.
  if (isEdited(proposal, reader))
    return paragraphs([texts.proposal(id, texts.acts[act] ?? act), texts.edited])
  const roles = needs.map((role) => roleTitles[reader.language][role].toLowerCase()).join(' + ')
  const isOpen = proposal.state === 'open'
  const { at } = input as { at?: unknown }
  return paragraphs([
    texts.proposal(id, texts.acts[act] ?? act),
    lines(await whatOf(sql, proposal, reader)),
    effectOf(proposal, texts),
    lines([
      texts.by(proposedBy, textIn(input, 'reason')),
      isOpen ? texts.needs(roles, approvals.map(({ account }) => account).join(', ')) : null,
      typeof at === 'number' ? texts.from(momentOf(at, reader)) : null,
      isOpen ? texts.until(momentOf(proposal.expiresAt, reader)) : null,
    ]),
    standingOf(proposal, reader),
  ])
}

/** Whether the buttons under its message do anything for them. */
export const isAsked = (proposal: Listed, reader: Reader): boolean =>
  proposal.state === 'open' && !isEdited(proposal, reader) && !hasApproved(proposal, reader.account)

export const hasApproved = ({ approvals }: Listed, account: string): boolean =>
  approvals.some((approval) => approval.account === account)

const isEdited = ({ proposedAt }: Listed, { proposedAt: seen }: Reader) =>
  seen !== null && seen !== proposedAt

async function whatOf(sql: Sql, { act, input, programmeId }: Listed, reader: Reader): Promise<Html[]> {
  const texts = approvalTexts[reader.language]
  const words = bookWords[reader.language]
  const fields = input as Record<string, unknown>
  switch (act) {
    case 'customer adjust':
      return [texts.card(formatCard(String(fields.card)))]
    case 'campaign start':
      return [texts.campaign(String(fields.campaign))]
    case 'settings set': {
      const key = String(fields.key)
      return [
        texts.setting(
          words.settings[key] ?? words.fields[key] ?? key,
          saidValue(fields.value, unitOf(key), texts),
        ),
      ]
    }
    case 'voucher add':
      return batchLines(fields.batch, texts)
    case 'programme freeze':
      return [texts.freeze(fields.undo === true)]
    case 'book publish': {
      const document = bookDocumentSchema.safeParse(fields.document)
      if (!document.success) return []
      const { books } = await readRules(sql, { programmeId, since: reader.now })
      const differences = differencesOf(bookDocumentSchema.parse(bookAt(books, reader.now)), document.data)
      return firstOf(
        differences.map((one) => differenceLine(one, reader.language)),
        MOST_DIFFERENCES,
        texts,
      )
    }
    default:
      return []
  }
}

function batchLines(batch: unknown, { vouchers, ...texts }: ApprovalTexts): Html[] {
  const terms = voucherBatchSchema.safeParse(batch).data
  if (!terms) return []
  const { title, audience } = terms
  const said = [vouchers.gives(terms), ...vouchers.conditions(terms)].join(', ')
  return [texts.batch(title, said), audienceLine(audience, texts)]
}

function audienceLine(audience: VoucherAudience, { audiences }: Pick<ApprovalTexts, 'audiences'>): Html {
  switch (audience.type) {
    case 'bearer':
      return audiences.bearer(audience.codes)
    case 'cards':
      return audiences.cards(audience.cards.length)
    case 'segment':
      return audiences.segment(audience.segment)
  }
}

const MOST_DIFFERENCES = 12

function differenceLine(difference: Difference, language: Language): Html {
  const { part, subject, path, title, unit, before, after } = difference
  const texts = approvalTexts[language]
  const words = bookWords[language]
  const whose = subject ? `${words.subjects[part]} «${subject.title}»` : words.subjects[part]
  if (title === null) return after === null ? texts.removed(whose) : texts.added(whose)
  const field = path.split('.').at(-1) ?? ''
  const what = `${whose}, ${words.fields[field] ?? title}`
  const isLong = [before, after].some((value) => typeof value === 'object' && value !== null)
  return isLong
    ? texts.other(what)
    : texts.changed(what, saidValue(before, unit, texts), saidValue(after, unit, texts))
}

const unitOf = (key: string) =>
  key.endsWith('_kopecks') ? 'kopecks' : key.endsWith('_basis_points') ? 'basis points' : null

function effectOf({ act, points, kopecks }: Listed, texts: ApprovalTexts): Html {
  if (act === 'programme freeze') return texts.noMovement
  if (points === null) return texts.noEffect
  const worth = {
    points: `${formatSigned(points)}${NO_BREAK_SPACE}${texts.pointsWord(Math.abs(points))}`,
    kopecks: formatKopecks(Math.abs(kopecks ?? 0), texts.decimal),
  }
  if (act === 'customer adjust') return points < 0 ? texts.takes(worth) : texts.gives(worth)
  if (act === 'voucher add') return texts.atMost(worth)
  return points < 0 ? texts.aMonthLess(worth) : texts.aMonth(worth)
}

function standingOf(proposal: Listed, { account, language }: Reader): Html | null {
  const texts = approvalTexts[language]
  const { state, decidedBy, reason, isBreakGlass } = proposal
  switch (state) {
    case 'open':
      return hasApproved(proposal, account) ? texts.youApproved : null
    case 'done':
      return isBreakGlass ? texts.doneAlone(decidedBy ?? '', reason ?? '') : texts.done(decidedBy ?? '')
    case 'rejected':
      return texts.rejected(decidedBy ?? '', reason ?? '')
    case 'lapsed':
      return texts.lapsed
  }
}

function textIn(input: unknown, name: string): string | null {
  const value = typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[name] : null
  return typeof value === 'string' && value !== '' ? value : null
}

function momentOf(at: Instant, { language, timeZone }: Reader): string {
  const { locale } = approvalTexts[language]
  return new Intl.DateTimeFormat(locale, {
    ...{ day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', timeZone },
  }).format(at)
}
