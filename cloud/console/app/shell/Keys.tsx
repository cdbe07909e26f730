import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { Dialog } from '../kit/Dialog.tsx'
import { useWords } from '../words.ts'
import type { PageEntry } from './pages.ts'
import { shellWords } from './words.ts'

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input, select, textarea, dialog') !== null

/** `/` searches, `g` and a letter go to a page, `?` lists them. By the place of a key, so that a Russian layout does too. */
export function useKeys(pages: PageEntry[], showKeys: () => void): void {
  const navigate = useNavigate()
  const isGoing = useRef(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase()
      if (isGoing.current) {
        isGoing.current = false
        const page = pages.find(({ key }) => key === letter)
        if (page) void navigate({ to: page.path })
      } else if (letter === 'g') isGoing.current = true
      else if (event.key === '?' || (event.code === 'Slash' && event.shiftKey)) showKeys()
      else if (event.code === 'Slash') {
        const field = document.getElementById('search')
        if (field) event.preventDefault()
        field?.focus()
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [pages, showKeys, navigate])
}

export function KeysDialog({ pages, onClose }: { pages: PageEntry[]; onClose: () => void }) {
  const texts = useWords(shellWords)
  return (
    <Dialog title={texts.keys} onClose={onClose}>
      <dl className="keys">
        {pages.map(({ name, key }) => (
          <div key={name}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{texts.pages[name]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>{texts.keysSearch}</dd>
        </div>
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>{texts.keysHelp}</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{texts.keysClose}</dd>
        </div>
      </dl>
    </Dialog>
  )
}
