import { useFormats } from '../format.ts'
import { useWords } from '../words.ts'
import { kitWords } from './words.ts'

interface Wanted {
  /** Where the next page begins; null at the end. */
  next: string | null
  /** This one is not the first. */
  isLater: boolean
  onPage: (cursor: string | undefined) => void
  asOf?: string | undefined
  /** The same list as a file. */
  csv?: string | undefined
}

export function Pager({ next, isLater, onPage, asOf, csv }: Wanted) {
  const texts = useWords(kitWords)
  const { time } = useFormats()
  if (!asOf && !csv && !isLater && next === null) return null
  return (
    <footer className="pager">
      {asOf && <span className="soft">{texts.asOf(time(asOf))}</span>}
      {csv && (
        <a href={csv} download>
          {texts.csv}
        </a>
      )}
      <span className="rest" />
      {isLater && (
        <button type="button" onClick={() => onPage(undefined)}>
          {texts.first}
        </button>
      )}
      {next !== null && (
        <button type="button" onClick={() => onPage(next)}>
          {texts.next}
        </button>
      )}
    </footer>
  )
}
