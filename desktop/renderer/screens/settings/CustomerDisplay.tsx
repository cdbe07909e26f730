import { useState } from 'react'
import type { DisplayState, DisplayWish } from '../../../../shared/display.ts'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import { Choice } from '../../ui/Choice.tsx'
import { Field } from '../../ui/Field.tsx'
import { QrCode } from '../../ui/QrCode.tsx'

const USUAL_PORT = '8095'

/** Where the customer sees their side of the till, and the link for a tablet. */
export function CustomerDisplay({ pin }: { pin: string | undefined }) {
  const screen = useScreen()
  const { settings, common } = useTexts()
  const wish = useSnapshot((snapshot) => snapshot.settings.display)
  const state = useSnapshot(({ display }) => display)
  const [place, setPlace] = useState<'off' | 'monitor' | 'network'>(
    typeof wish === 'number' ? 'network' : wish,
  )
  const [port, setPort] = useState(typeof wish === 'number' ? String(wish) : USUAL_PORT)
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535
  const save = (display: DisplayWish) =>
    screen.ask((api) => api.saveSettings({ display, ...(pin && { pin }) }))
  return (
    <div className="form">
      <p className="soft">{settings.displayHint}</p>
      <Choice
        label={settings.display}
        value={place}
        options={[
          ['off', settings.displays.off],
          ['monitor', settings.displays.monitor],
          ['network', settings.displays.network],
        ]}
        onChange={(chosen) => {
          setPlace(chosen)
          if (chosen !== 'network') void save(chosen)
        }}
      />
      {place === 'network' && (
        <form
          className="form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (isPort) void save(Number(port))
          }}
        >
          <Field
            label={settings.port}
            hint={settings.portHint}
            inputMode="numeric"
            maxLength={5}
            problem={isPort ? null : settings.notAPort}
            value={port}
            onChange={setPort}
          />
          <div className="buttons">
            <button type="submit" className="button main" disabled={!isPort}>
              {common.save}
            </button>
          </div>
        </form>
      )}
      {state && wish !== 'off' && <Shown state={state} />}
    </div>
  )
}

function Shown({ state }: { state: DisplayState }) {
  const { settings } = useTexts()
  switch (state.state) {
    case 'off':
      return null
    case 'failed':
      return <p className="bad">{settings.displayFailed(state.problem)}</p>
    case 'shown':
      return (
        <div className="display-links">
          <p>{state.links.length === 0 ? settings.noNetwork : settings.displayLink}</p>
          {state.links.map((link) => (
            <div key={link}>
              <QrCode text={link} label={settings.displayCode} />
              <p className="display-link">{link}</p>
            </div>
          ))}
        </div>
      )
  }
}
