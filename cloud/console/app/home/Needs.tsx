import { Link } from '@tanstack/react-router'
import type { Home } from '../../../../shared/console/home.ts'
import { useFormats } from '../format.ts'
import { useSession } from '../session.ts'
import { useWords } from '../words.ts'
import { homeWords } from './words.ts'

interface Need {
  text: string
  to: string
  search?: Record<string, string>
  /** Who may not read that page is told, and led nowhere. */
  reading: string
}

/** Of more than these their number is told: each store may have one. */
const MOST_BUDGETS = 3

/** What is off today, each of it a way to where it is decided. */
export function Needs({
  off: { frozenSince, proposals, discrepancies, registers, budgets, jobs },
}: {
  off: NonNullable<Home['off']>
}) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  const { readings } = useSession()
  const nearTheirEnd = budgets ?? []
  const needs: (Need | false | null | undefined)[] = [
    frozenSince !== null && {
      ...{ text: texts.frozen, to: '/rules', search: { part: 'settings' }, reading: 'books' },
    },
    proposals &&
      proposals.open > 0 && { text: texts.open(proposals.open), to: '/proposals', reading: 'proposals' },
    proposals &&
      proposals.toReview > 0 && {
        ...{ text: texts.toReview(proposals.toReview), to: '/proposals', reading: 'proposals' },
        search: { state: 'done' },
      },
    discrepancies &&
      discrepancies.open > 0 && {
        ...{ text: texts.discrepancies(discrepancies.open), to: '/discrepancies', reading: 'discrepancies' },
      },
    registers &&
      registers.silent.length > 0 && {
        text: texts.silent(registers.silent.map(({ name, store }) => `${store} · ${name}`).join(', ')),
        ...{ to: '/registers', search: { state: 'silent' }, reading: 'registers' },
      },
    registers &&
      registers.concerned > 0 && {
        ...{ text: texts.concerned(registers.concerned), to: '/registers', reading: 'registers' },
        search: { state: 'attention' },
      },
    ...(nearTheirEnd.length > MOST_BUDGETS
      ? [{ text: texts.budgets(nearTheirEnd.length), to: '/rules', reading: 'books' }]
      : nearTheirEnd.map(({ title, store, campaign, spent, limit }) => ({
          text: texts.budget(title, store, formats.percent(Math.floor((spent * 10_000) / limit))),
          ...(campaign === null
            ? { to: '/rules', reading: 'books' }
            : { to: `/campaigns/${campaign}`, reading: 'campaigns' }),
        }))),
    ...(jobs ?? []).map(({ job }) => ({ text: texts.job(job), to: '/audit', reading: 'no page' })),
  ]
  const shown = needs.filter((need) => need !== false && need !== null && need !== undefined)
  return (
    <section className="strip" aria-label={texts.needs}>
      {shown.length === 0 && <span className="calm">{texts.calm}</span>}
      {shown.map(({ text, to, search, reading }) =>
        readings.includes(reading) ? (
          <Link key={text} to={to} search={search ?? {}}>
            {text}
          </Link>
        ) : (
          <span key={text}>{text}</span>
        ),
      )}
    </section>
  )
}
