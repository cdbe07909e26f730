import { useState } from 'react'
import type { Preferences } from '../../../../shared/bridge.ts'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import { Choice } from '../../ui/Choice.tsx'
import { Field } from '../../ui/Field.tsx'

/** A choice is saved as it is made: the screen itself shows what it does. */
export function Appearance({ pin }: { pin: string | undefined }) {
  const screen = useScreen()
  const { settings, common } = useTexts()
  const preferences = useSnapshot((snapshot) => snapshot.preferences)
  const [brand, setBrand] = useState(preferences.brand)
  const [colour, setColour] = useState(preferences.colour)
  const isColour = /^#[0-9a-f]{6}$/i.test(colour)
  const save = (change: Partial<Preferences>) =>
    screen.ask((api) => api.saveSettings({ preferences: { ...preferences, ...change }, ...(pin && { pin }) }))
  const yesNo: ['yes' | 'no', string][] = [
    ['yes', common.yes],
    ['no', common.no],
  ]
  return (
    <div className="form">
      <div className="pair">
        <Choice
          label={settings.language}
          value={preferences.language}
          options={[
            ['ru', settings.languages.ru],
            ['en', settings.languages.en],
          ]}
          onChange={(language) => save({ language })}
        />
        <Choice
          label={settings.theme}
          value={preferences.theme}
          options={[
            ['light', settings.themes.light],
            ['dark', settings.themes.dark],
            ['system', settings.themes.system],
          ]}
          onChange={(theme) => save({ theme })}
        />
        <Choice
          label={settings.sound}
          value={preferences.hasSound ? 'yes' : 'no'}
          options={yesNo}
          onChange={(answer) => save({ hasSound: answer === 'yes' })}
        />
        <Choice
          label={settings.motion}
          value={preferences.hasMotion ? 'yes' : 'no'}
          options={yesNo}
          onChange={(answer) => save({ hasMotion: answer === 'yes' })}
        />
        <Choice
          label={settings.recent}
          value={preferences.showsRecent ? 'open' : 'folded'}
          options={[
            ['folded', settings.recents.folded],
            ['open', settings.recents.open],
          ]}
          onChange={(answer) => save({ showsRecent: answer === 'open' })}
        />
      </div>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          void save({ brand: brand.trim(), colour })
        }}
      >
        <Field label={settings.brand} maxLength={40} value={brand} onChange={setBrand} />
        <Field
          label={settings.colour}
          problem={isColour ? null : settings.notAColour}
          value={colour}
          onChange={setColour}
        >
          <input
            type="color"
            aria-label={settings.colour}
            value={isColour ? colour : preferences.colour}
            onChange={({ target }) => setColour(target.value)}
          />
        </Field>
        <div className="buttons">
          <button type="submit" className="button main" disabled={brand.trim() === '' || !isColour}>
            {common.save}
          </button>
        </div>
      </form>
    </div>
  )
}
