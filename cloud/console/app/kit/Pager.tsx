import { useFormats } from '../format.ts'
import { useWords } from '../words.ts'
import { TakeFile } from './TakeFile.tsx'
import { kitWords } from './words.ts'

interface Wanted {
  /** Left out: the list is one page. */
  pages?: {
    /** Where the next one begins; null at the end. */
    next: string | null
    /** This one is not the first. */
    isLater: boolean
    onTurn: (cursor: string | undefined) => void
  }
  asOf?: string | undefined
  /** The same list as a file. */
  csv?: string | undefined
}

export function Pager({ pages, asOf, csv }: Wanted) {
  const texts = useWords(kitWords)
  const { time } = useFormats()
  const next = pages?.next ?? null
  if (!asOf && !csv && !pages?.isLater && next === null) return null
  return (
    <footer className="pager">
      {asOf && <span className="soft">{texts.asOf(time(asOf))}</span>}
      {csv && <TakeFile address={csv} />}
      <span className="rest" />
      {pages?.isLater && (
        <button type="button" onClick={() => pages.onTurn(undefined)}>
          {texts.first}
        </button>
      )}
      {pages && next !== null && (
        <button type="button" onClick={() => pages.onTurn(next)}>
          {texts.next}
        </button>
      )}
    </footer>
  )
}
