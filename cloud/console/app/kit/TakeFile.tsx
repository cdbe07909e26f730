import { useState } from 'react'
import { takeFile } from '../api.ts'
import { problemOf } from '../problem.ts'
import { problemText, problemWords } from '../problemWords.ts'
import { useTimeZone } from '../timeZone.ts'
import { useLanguage, useWords } from '../words.ts'
import { save } from './save.ts'
import { kitWords } from './words.ts'

/** The whole of a list as a file for whoever reads this page: in their language, by the clock of the shops. */
export function TakeFile({ address }: { address: string }) {
  const texts = useWords(kitWords)
  const said = useWords(problemWords)
  const [language, timeZone] = [useLanguage(), useTimeZone()]
  const [state, setState] = useState<'idle' | 'taking' | { error: unknown }>('idle')
  async function take() {
    setState('taking')
    try {
      const { name, text } = await takeFile(address, { language, time_zone: timeZone })
      save(name, 'text/csv', text)
      setState('idle')
    } catch (error) {
      setState({ error })
    }
  }
  return (
    <>
      <button
        type="button"
        className="link"
        aria-disabled={state === 'taking'}
        onClick={state === 'taking' ? undefined : () => void take()}
      >
        {state === 'taking' ? texts.taking : texts.csv}
      </button>
      {typeof state === 'object' && (
        <span className="problem" role="alert">
          {problemText(said, problemOf(state.error), false)}
        </span>
      )}
    </>
  )
}
