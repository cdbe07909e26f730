import type { Owed as Read } from '../../../../shared/console/home.ts'
import { useFormats } from '../format.ts'
import { Parts } from '../kit/Bars.tsx'
import { Facts } from '../kit/Page.tsx'
import { useWords } from '../words.ts'
import { homeWords } from './words.ts'

/** How old the points are that are owed. */
export function OwedByAge({ owed: { byAge } }: { owed: Read }) {
  const texts = useWords(homeWords)
  const formats = useFormats()
  const named = byAge.map(({ age, points }) => ({ name: texts.ages[age] ?? age, points }))
  return (
    <section className="card stack">
      <h2>{texts.byAge}</h2>
      <Parts
        label={texts.byAge}
        parts={named.map(({ name, points }) => ({
          name,
          title: `${name}: ${formats.points(points)}`,
          value: points,
        }))}
      />
      <Facts facts={named.map(({ name, points }) => [name, formats.points(points)])} />
    </section>
  )
}
