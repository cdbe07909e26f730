import { advertisingText, advertisingVersion } from '../../../shared/consent.ts'
import { languageOf } from '../../../shared/language.ts'
import type { HeardMe } from '../../../shared/me.ts'
import { formatCard } from '../../../shared/numbers.ts'
import { usePortal, useTexts } from '../portal.ts'
import { route } from '../route.ts'
import { Consent } from '../ui/Consent.tsx'
import { Icon } from '../ui/Icon.tsx'
import { LanguageChoice } from '../ui/LanguageChoice.tsx'
import { Switch } from '../ui/Switch.tsx'
import './profile.css'

export function Profile({ me }: { me: HeardMe }) {
  const portal = usePortal()
  const { profile: texts, language } = useTexts()
  const { cashbackBasisPoints, maxDiscountBasisPoints, lifetimeDays, redeemProof } = me.rules
  const rules = [
    texts.cashback(cashbackBasisPoints),
    texts.discount(maxDiscountBasisPoints),
    texts.lifetime(lifetimeDays),
    texts.worth,
  ]
  const name = me.firstName ?? texts.noName
  return (
    <>
      <h1 className="unseen">{texts.title}</h1>
      <header className="person">
        <span className="face" aria-hidden="true">
          {[...name][0]?.toUpperCase()}
        </span>
        <p className="name">{name}</p>
        <p className="num">{texts.card(formatCard(me.card))}</p>
      </header>

      <h2>{texts.notifications}</h2>
      <div className="panel">
        <Switch
          title={texts.purchases}
          explain={texts.purchasesExplain}
          isOn={me.notify.purchases}
          onChange={(purchases) => portal.change({ notify: { purchases } })}
        />
        <Switch
          title={texts.expiry}
          explain={texts.expiryExplain}
          isOn={me.notify.expiry}
          onChange={(expiry) => portal.change({ notify: { expiry } })}
        />
        {me.status && me.notify.status !== undefined && (
          <Switch
            title={texts.status}
            explain={texts.statusExplain}
            isOn={me.notify.status}
            onChange={(status) => portal.change({ notify: { status } })}
          />
        )}
        {me.invites && me.notify.referrals !== undefined && (
          <Switch
            title={texts.referrals}
            explain={texts.referralsExplain}
            isOn={me.notify.referrals}
            onChange={(referrals) => portal.change({ notify: { referrals } })}
          />
        )}
        {me.vouchers !== undefined && me.notify.vouchers !== undefined && (
          <Switch
            title={texts.vouchers}
            explain={texts.vouchersExplain}
            isOn={me.notify.vouchers}
            onChange={(vouchers) => portal.change({ notify: { vouchers } })}
          />
        )}
      </div>

      {me.advertising !== undefined && (
        <div className="panel">
          <Switch
            title={texts.advertising}
            explain={advertisingText(languageOf(me.language), me)}
            isOn={me.advertising !== null}
            onChange={(isOn) => portal.change({ advertisingVersion: isOn ? advertisingVersion : null })}
          />
        </div>
      )}

      <h2>{language}</h2>
      <LanguageChoice present={me.language} onChange={(language) => void portal.change({ language })} />

      <h2>{texts.rules}</h2>
      <dl className="panel rules">
        {rules.map(({ value, text }) => (
          <div key={text}>
            <dt className="num">{value}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {redeemProof === 'signed_code' && (
        <p className="note calm">
          <Icon name="lock" />
          {texts.proof}
        </p>
      )}

      {portal.bridge.understands('web_app_add_to_home_screen') && (
        <button
          className="button"
          type="button"
          onClick={() => portal.bridge.say('web_app_add_to_home_screen')}
        >
          {texts.toHomeScreen}
        </button>
      )}

      {me.supportContact && (
        <p className="note calm">
          <Icon name="notice" />
          {texts.support(me.supportContact)}
        </p>
      )}

      <details className="panel consent">
        <summary>
          <span>
            {texts.consent}
            <small>{texts.consentGiven(Date.parse(me.consent.at), me.consent.version)}</small>
          </span>
          <Icon name="chevron" />
        </summary>
        <Consent language={languageOf(me.language)} toAgree={me} />
      </details>

      <button className="button erase" type="button" onClick={() => route.cover('erase')}>
        {texts.erase}
      </button>
    </>
  )
}
