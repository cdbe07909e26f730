import { useState } from 'react'
import { useScreen, useTexts } from '../screen.ts'
import { Field } from './Field.tsx'

interface FolderFieldProps {
  value: string
  problem?: string | null
  onChange: (value: string) => void
}

/** The exchange folder, and a button that tries it before anybody depends on it. */
export function FolderField({ value, problem = null, onChange }: FolderFieldProps) {
  const screen = useScreen()
  const { enrol } = useTexts()
  const [state, setState] = useState<'unknown' | 'testing' | 'ok'>('unknown')
  async function test(): Promise<void> {
    setState('testing')
    const reply = await screen.ask((api) => api.testExchange({ folder: value }))
    setState(reply?.ok ? 'ok' : 'unknown')
  }
  return (
    <div>
      <Field
        label={enrol.folder}
        hint={enrol.folderHint}
        problem={problem}
        value={value}
        maxLength={500}
        onChange={(next) => {
          setState('unknown')
          onChange(next)
        }}
      >
        <button
          type="button"
          className="button"
          disabled={value === '' || state === 'testing'}
          onClick={test}
        >
          {enrol.test}
        </button>
      </Field>
      <p className="result good" aria-live="polite">
        {state === 'testing' ? enrol.testing : state === 'ok' ? enrol.testOk : ''}
      </p>
    </div>
  )
}
