import { useBlocker } from '@tanstack/react-router'
import { useWords } from '../words.ts'
import { Dialog } from './Dialog.tsx'
import { kitWords } from './words.ts'

/** What was typed and not saved outlasts a press on the menu and the browser's back and reload: one is asked before it goes. */
export function Unsaved({ isChanged }: { isChanged: boolean }) {
  const texts = useWords(kitWords)
  const leaving = useBlocker({
    // What changes in the address alone, such as the store, leaves the form where it is.
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: isChanged,
    withResolver: true,
  })
  if (leaving.status !== 'blocked') return null
  return (
    <Dialog title={texts.unsaved} onClose={leaving.reset}>
      <p>{texts.unsavedText}</p>
      <div className="actions">
        <button type="button" className="main" onClick={leaving.reset}>
          {texts.stay}
        </button>
        <button type="button" onClick={leaving.proceed}>
          {texts.leave}
        </button>
      </div>
    </Dialog>
  )
}
