import { useState } from 'react'
import { advertisingText, type Operator } from '../../../shared/consent.ts'
import { usePortal, usePortalState, useTexts } from '../portal.ts'
import { Consent } from '../ui/Consent.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Mark } from '../ui/Mark.tsx'
import { Switch } from '../ui/Switch.tsx'
import './card.css'
import './welcome.css'

interface WelcomeProps {
  chainName: string
  operator: Operator
  /** A cloud of an older version does not. */
  asksAdvertising: boolean
}

/** The first meeting: what they get, what they agree to, what they may agree to besides, and one button. */
export function Welcome({ chainName, operator, asksAdvertising }: WelcomeProps) {
  const portal = usePortal()
  const { welcome: texts, problems } = useTexts()
  const language = usePortalState(({ language }) => language)
  const trouble = usePortalState(({ trouble }) => trouble)
  const [isAgreeing, setAgreeing] = useState(false)
  const [isAdvertisingWanted, wantAdvertising] = useState(false)

  async function agree() {
    setAgreeing(true)
    await portal.agree({ isAdvertisingWanted })
    setAgreeing(false)
  }

  return (
    <>
      <main className="screen welcome">
        <div className="pass small">
          <header className="pass-top">
            <strong>{chainName}</strong>
            <OtherLanguage />
          </header>
          <Mark />
        </div>
        <h1>{texts.title(chainName)}</h1>
        <p className="lead">{texts.lead}</p>
        <h2>{texts.consent}</h2>
        <div className="panel consent-text">
          <Consent language={language} toAgree={{ chainName, operator }} />
        </div>
        {asksAdvertising && (
          <div className="panel">
            <Switch
              title={texts.advertising}
              explain={advertisingText(language, { chainName })}
              isOn={isAdvertisingWanted}
              onChange={async (isOn) => wantAdvertising(isOn)}
            />
          </div>
        )}
      </main>
      <div className="agree">
        {trouble && (
          <p className="note warn" role="alert">
            <Icon name="away" />
            {problems[trouble].title}. {problems[trouble].next}
          </p>
        )}
        <button className="button main" type="button" disabled={isAgreeing} onClick={() => void agree()}>
          {isAgreeing ? texts.agreeing : texts.agree}
        </button>
      </div>
    </>
  )
}

/** In its own words, so that who ended up in the wrong language finds the way out. */
function OtherLanguage() {
  const portal = usePortal()
  const { languageNames } = useTexts()
  const other = usePortalState(({ language }) => (language === 'ru' ? 'en' : 'ru'))
  return (
    <button className="other-language" type="button" lang={other} onClick={() => portal.speak(other)}>
      {languageNames[other]}
    </button>
  )
}
