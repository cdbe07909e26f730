import { Link } from '@tanstack/react-router'
import type { Home } from '../../../../shared/console/home.ts'
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

/** What is off today, each of it a way to where it is decided. */
export function Needs({
  off: { frozenSince, proposals, discrepancies, registers, jobs },
}: {
  off: NonNullable<Home['off']>
}) {
  const texts = useWords(homeWords)
  const { readings } = useSession()
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
