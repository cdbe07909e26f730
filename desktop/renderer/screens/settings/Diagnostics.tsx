import { useState } from 'react'
import { SECOND } from '../../../../shared/time.ts'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import { Update } from './Update.tsx'

export function Diagnostics({ pin }: { pin: string | undefined }) {
  const screen = useScreen()
  const { settings } = useTexts()
  const { version, register, store, clock } = useSnapshot((snapshot) => snapshot)
  const [path, setPath] = useState<string | null>(null)
  async function write(): Promise<void> {
    const reply = await screen.ask((api) => api.writeDiagnostics(pin ? { pin } : {}))
    setPath(reply?.ok ? reply.value.path : null)
  }
  const facts = [
    [settings.version, version],
    [settings.register, register && store ? `${store.name} · ${register.name} (№ ${register.id})` : '—'],
    [
      settings.clock,
      clock.offsetMs === null
        ? settings.clockUnknown
        : settings.clockValue(Math.round(clock.offsetMs / SECOND)),
    ],
  ]
  return (
    <div className="form">
      <dl className="facts num">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Update pin={pin} />
      <div className="buttons">
        <button type="button" className="button main" onClick={write}>
          {settings.writeDiagnostics}
        </button>
      </div>
      <p className="result good" aria-live="polite">
        {path === null ? '' : settings.diagnosticsWritten(path)}
      </p>
    </div>
  )
}
