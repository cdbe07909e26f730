import { useState } from 'react'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import { FolderField } from '../../ui/FolderField.tsx'

export function Exchange({ pin }: { pin: string | undefined }) {
  const screen = useScreen()
  const texts = useTexts()
  const known = useSnapshot(({ settings }) => settings.exchangeFolder)
  const { state, problem } = useSnapshot((snapshot) => snapshot.exchange)
  const [folder, setFolder] = useState(known)
  const [isSaved, setSaved] = useState(false)
  async function save(): Promise<void> {
    const reply = await screen.ask((api) => api.saveSettings({ exchangeFolder: folder, ...(pin && { pin }) }))
    setSaved(reply?.ok === true)
  }
  return (
    <div className="form">
      <p className={state === 'ok' ? 'good' : 'bad'}>
        <b>{texts.header.exchange[state]}</b>{' '}
        {problem && (texts.exchangeProblems[problem] ?? texts.exchangeProblem(problem))}
      </p>
      <FolderField
        value={folder}
        onChange={(next) => {
          setSaved(false)
          setFolder(next)
        }}
      />
      <div className="buttons">
        <button type="button" className="button main" disabled={folder === ''} onClick={save}>
          {texts.common.save}
        </button>
      </div>
      <p className="result good" aria-live="polite">
        {isSaved ? texts.common.saved : ''}
      </p>
    </div>
  )
}
