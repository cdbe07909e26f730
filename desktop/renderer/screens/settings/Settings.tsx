import { type ReactNode, useState } from 'react'
import { useKeys } from '../../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import type { Texts } from '../../texts.ts'
import { Note } from '../../ui/Note.tsx'
import { EnrolForm } from '../EnrolForm.tsx'
import { Access } from './Access.tsx'
import { Appearance } from './Appearance.tsx'
import { CustomerDisplay } from './CustomerDisplay.tsx'
import { Diagnostics } from './Diagnostics.tsx'
import { Exchange } from './Exchange.tsx'
import { Lock } from './Lock.tsx'
import { Scanners } from './Scanners.tsx'
import '../panel.css'
import './settings.css'

type Section = keyof Texts['settings']['sections']

/** What the IT person sets, behind the PIN once there is one. */
export function Settings() {
  const screen = useScreen()
  const texts = useTexts()
  const hasPin = useSnapshot(({ settings }) => settings.hasPin)
  // Asked for once, when the settings are opened: a PIN that is set meanwhile is known to who sets it.
  const [isOpen, setOpen] = useState(!hasPin)
  const [pin, setPin] = useState<string>()
  const close = () => screen.show('none')
  // A card that is shown now is a test of the scanner, or nobody's.
  useKeys({ escape: close, scan: () => {} })
  return (
    <div className="panel">
      <div className="panel-head">
        <h1>{texts.settings.title}</h1>
        <p className="panel-state" />
        <button type="button" className="button" onClick={close}>
          {texts.common.close}
          <kbd>Esc</kbd>
        </button>
      </div>
      {isOpen ? (
        <Sections pin={pin} onPin={setPin} />
      ) : (
        <Lock
          onOpen={(given) => {
            setPin(given)
            setOpen(true)
          }}
        />
      )}
    </div>
  )
}

function Sections({ pin, onPin }: { pin: string | undefined; onPin: (pin: string) => void }) {
  const texts = useTexts()
  const { hasPin, cloudUrl } = useSnapshot((snapshot) => snapshot.settings)
  const canShow = useSnapshot(({ display }) => display !== null)
  const [section, setSection] = useState<Section>('connection')
  const contents: Record<Section, ReactNode | null> = {
    connection: (
      <>
        {cloudUrl && <p className="soft">{texts.enrol.nowEnrolled(cloudUrl)}</p>}
        <EnrolForm pin={pin} />
      </>
    ),
    exchange: <Exchange pin={pin} />,
    scanners: <Scanners />,
    appearance: <Appearance pin={pin} />,
    display: canShow ? <CustomerDisplay pin={pin} /> : null,
    access: <Access pin={pin} onPin={onPin} />,
    diagnostics: <Diagnostics pin={pin} />,
  }
  const names = (Object.keys(contents) as Section[]).filter((name) => contents[name] !== null)
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label={texts.settings.title}>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === section ? 'page' : undefined}
            onClick={() => setSection(name)}
          >
            {texts.settings.sections[name]}
          </button>
        ))}
      </nav>
      <section className="panel-body" aria-label={texts.settings.sections[section]}>
        {!hasPin && <Note tone="warn">{texts.settings.noPin}</Note>}
        <h2>{texts.settings.sections[section]}</h2>
        {contents[section]}
      </section>
    </div>
  )
}
