import { useState } from 'react'
import { useSnapshot, useTexts } from '../screen.ts'
import { EnrolForm } from './EnrolForm.tsx'
import { Lock } from './settings/Lock.tsx'
import './panel.css'

/** A register that no cloud knows can do nothing else. */
export function FirstRun() {
  const { enrol } = useTexts()
  const hasPin = useSnapshot(({ settings }) => settings.hasPin)
  const [pin, setPin] = useState<string>()
  return (
    <div className="panel first-run">
      <div className="panel-body">
        <h1>{enrol.title}</h1>
        <p className="soft">{enrol.subtitle}</p>
        {hasPin && pin === undefined ? <Lock onOpen={setPin} /> : <EnrolForm pin={pin} />}
      </div>
    </div>
  )
}
