import { useQueryClient } from '@tanstack/react-query'
import { Dialog } from '../kit/Dialog.tsx'
import { useWords } from '../words.ts'
import { shellWords } from './words.ts'

/**
 * The session has ended. The page is hidden from whoever stands before it now, and stays with what was typed in it: one signs in
 * beside it, and goes on.
 */
export function SignedOut() {
  const texts = useWords(shellWords)
  const client = useQueryClient()
  return (
    <Dialog title={texts.signedOut}>
      <p>{texts.signedOutText}</p>
      <div className="actions">
        <a className="button main" href="/console/login" target="_blank" rel="noopener">
          {texts.signIn}
        </a>
        <button type="button" onClick={() => void client.invalidateQueries()}>
          {texts.goOn}
        </button>
      </div>
    </Dialog>
  )
}
