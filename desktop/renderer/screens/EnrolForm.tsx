import { useState } from 'react'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { Field } from '../ui/Field.tsx'
import { FolderField } from '../ui/FolderField.tsx'

/** The three things that make a till a register. */
export function EnrolForm({ pin }: { pin?: string | undefined }) {
  const screen = useScreen()
  const { enrol } = useTexts()
  const known = useSnapshot((snapshot) => snapshot.settings)
  const [cloudUrl, setCloudUrl] = useState(known.cloudUrl ?? '')
  const [code, setCode] = useState('')
  const [exchangeFolder, setFolder] = useState(known.exchangeFolder)
  const [isAsking, setAsking] = useState(false)
  const [done, setDone] = useState('')

  async function submit(): Promise<void> {
    setAsking(true)
    setDone('')
    const reply = await screen.ask((api) =>
      api.enrol({ cloudUrl: cloudUrl.trim(), code: code.trim(), exchangeFolder, ...(pin && { pin }) }),
    )
    setAsking(false)
    if (reply?.ok) setDone(enrol.done(reply.value.store, reply.value.register))
  }

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field
        label={enrol.cloudUrl}
        type="url"
        inputMode="url"
        maxLength={300}
        value={cloudUrl}
        onChange={setCloudUrl}
      />
      <Field label={enrol.code} hint={enrol.codeHint} maxLength={40} value={code} onChange={setCode} />
      <FolderField value={exchangeFolder} onChange={setFolder} />
      <div className="buttons">
        <button type="submit" className="button main tall" disabled={isAsking}>
          {isAsking ? enrol.submitting : enrol.submit}
          <kbd>Enter</kbd>
        </button>
      </div>
      <p className="result good" aria-live="polite">
        {done}
      </p>
    </form>
  )
}
