import { useState } from 'react'
import { addressOf } from '../../../shared/cloudAddress.ts'
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
  const [name, setName] = useState('')
  const [isTried, setTried] = useState(false)
  const [exchangeFolder, setFolder] = useState(known.exchangeFolder)
  const [isAsking, setAsking] = useState(false)
  const [done, setDone] = useState('')

  const address = addressOf(cloudUrl)
  const isCode = /^[\p{L}\d\s-]{6,40}$/u.test(code.trim())
  const isGood = address !== null && isCode && exchangeFolder.trim() !== ''
  const problemOf = (isWrong: boolean, text: string) => (isTried && isWrong ? text : null)

  async function submit(): Promise<void> {
    setTried(true)
    if (!isGood) return
    setAsking(true)
    setDone('')
    const reply = await screen.ask((api) =>
      api.enrol({
        cloudUrl: address,
        code: code.trim(),
        exchangeFolder,
        ...(name.trim() && { name: name.trim() }),
        ...(pin && { pin }),
      }),
    )
    setAsking(false)
    if (reply?.ok) setDone(enrol.done(reply.value.store, reply.value.register))
  }

  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Field
        label={enrol.cloudUrl}
        hint={enrol.cloudUrlHint}
        problem={problemOf(address === null, enrol.noAddress)}
        inputMode="url"
        maxLength={300}
        value={cloudUrl}
        onChange={setCloudUrl}
      />
      <Field
        label={enrol.code}
        hint={enrol.codeHint}
        problem={problemOf(!isCode, enrol.noCode)}
        maxLength={40}
        value={code}
        onChange={setCode}
      />
      <Field label={enrol.name} hint={enrol.nameHint} maxLength={100} value={name} onChange={setName} />
      <FolderField
        value={exchangeFolder}
        problem={problemOf(exchangeFolder.trim() === '', enrol.noFolder)}
        onChange={setFolder}
      />
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
