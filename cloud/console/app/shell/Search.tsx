import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useWords } from '../words.ts'
import { shellWords } from './words.ts'

/** From anywhere to the customer that is meant. */
export function Search() {
  const texts = useWords(shellWords)
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim() === '') return
          void navigate({ to: '/customers', search: { q: typed.trim() } })
          setTyped('')
        }}
      >
        <input
          id="search"
          type="search"
          value={typed}
          maxLength={100}
          autoComplete="off"
          aria-label={texts.searchLabel}
          placeholder={texts.search}
          onChange={(event) => setTyped(event.target.value)}
        />
        <kbd>/</kbd>
      </form>
    </search>
  )
}
