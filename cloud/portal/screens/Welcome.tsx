import { useState } from 'react'
import type { Operator } from '../../../shared/consent.ts'
import { usePortal, usePortalState, useTexts } from '../portal.ts'
import { Consent } from '../ui/Consent.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Mark } from '../ui/Mark.tsx'
import './card.css'
import './welcome.css'

/** The first meeting: what they get, what they agree to, and one button. */
export function Welcome({ chainName, operator }: { chainName: string; operator: Operator }) {
  const portal = usePortal()
  const { welcome: texts, problems } = useTexts()
  const language = usePortalState(({ language }) => language)
  const trouble = usePortalState(({ trouble }) => trouble)
  const [isAgreeing, setAgreeing] = useState(false)

  async function agree() {
    setAgreeing(true)
    await portal.agree()
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
