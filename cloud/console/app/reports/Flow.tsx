import type { Liability } from '../../../../shared/console/reports.ts'
import { useFormats } from '../format.ts'
import { Table } from '../kit/Table.tsx'
import { useWords } from '../words.ts'
import { reportWords } from './words.ts'

interface Step {
  name: string
  points: string
  /** From where to where what is owed goes by it. */
  from: number
  to: number
  isLevel?: true
}

/** How what was owed became what is owed: each step begins where the one before it ended. */
export function Flow({ of: { since, opening, parts } }: { of: NonNullable<Liability['flow']> }) {
  const texts = useWords(reportWords)
  const formats = useFormats()
  const day = formats.day(since)
  const steps: Step[] = [
    {
      name: texts.owedAt(day),
      points: formats.whole(opening),
      from: 0,
      to: opening,
      isLevel: true,
    },
  ]
  let level = opening
  for (const { cause, points } of parts) {
    if (points === 0) continue
    steps.push({ name: texts.causes[cause], points: formats.signed(points), from: level, to: level + points })
    level += points
  }
  steps.push({ name: texts.owed, points: formats.whole(level), from: 0, to: level, isLevel: true })
  const most = Math.max(1, ...steps.map(({ to }) => to))
  const share = (points: number) => `${(Math.max(0, points) / most) * 100}%`
  return (
    <section className="card">
      <h2>{texts.flow(day)}</h2>
      <Table
        label={texts.flow(day)}
        rows={steps}
        keyOf={({ name }) => name}
        columns={[
          {
            name: 'name',
            title: texts.cause,
            isUntitled: true,
            cell: ({ name, isLevel }) => (isLevel ? <b>{name}</b> : name),
          },
          {
            ...{ name: 'points', title: texts.points, isNumber: true },
            cell: ({ points, isLevel }) => (isLevel ? <b>{points}</b> : points),
          },
          {
            ...{ name: 'bar', title: texts.points, isWide: true, isUntitled: true },
            cell: ({ from, to, isLevel }) => (
              <span className="step" aria-hidden="true">
                <i
                  className={isLevel ? undefined : to < from ? 'less' : 'more'}
                  style={{ marginLeft: share(Math.min(from, to)), width: share(Math.abs(to - from)) }}
                />
              </span>
            ),
          },
        ]}
      />
    </section>
  )
}
