import { useEffect, useState } from 'react'
import type { HeardMe } from '../../../shared/me.ts'
import { formatWhole } from '../../../shared/numbers.ts'
import type { HeardMyReferral } from '../../../shared/referral.ts'
import { usePortal, usePortalState, useTexts } from '../portal.ts'
import { route } from '../route.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Qr } from '../ui/Qr.tsx'
import './sheet.css'
import './invite.css'

/** The link for a friend, as a QR code and to send, and what came of it so far. */
export function Invite({ me }: { me: HeardMe }) {
  const portal = usePortal()
  const texts = useTexts()
  const referral = usePortalState(({ referral }) => referral)
  const trouble = usePortalState(({ trouble }) => trouble)
  useEffect(() => void portal.loadReferral(), [portal])
  return (
    <Dialog className="sheet invite" label={texts.invite.title}>
      <h2>{texts.invite.title}</h2>
      {trouble && (
        <p className="note warn" role="alert">
          <Icon name="away" />
          {texts.problems[trouble].title}. {texts.problems[trouble].next}
        </p>
      )}
      {!referral && !trouble && <p role="status">{texts.loading}</p>}
      {referral && <Offer referral={referral} chainName={me.chainName} />}
      <button className="button" type="button" onClick={route.back}>
        {texts.close}
      </button>
    </Dialog>
  )
}

function Offer({ referral, chainName }: { referral: HeardMyReferral; chainName: string }) {
  const { invite: texts } = useTexts()
  const { link, terms, counts, points } = referral
  const facts: [string, number][] = [
    [texts.counts.invited, counts.invited],
    [texts.counts.bought, counts.bought],
    [texts.counts.waiting, counts.waiting],
    [texts.counts.rewarded, counts.rewarded],
  ]
  return (
    <>
      {terms ? texts.terms(terms).map((line) => <p key={line}>{line}</p>) : <p>{texts.nothing}</p>}
      {terms && link && <Share link={link} text={texts.share(chainName)} />}
      {terms && !link && <p className="note calm">{texts.noLink}</p>}
      {counts.invited > 0 && (
        <dl className="invite-counts">
          {facts.map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{formatWhole(count)}</dd>
            </div>
          ))}
        </dl>
      )}
      {points.total > 0 && <p>{texts.brought(points.total, points.month)}</p>}
    </>
  )
}

function Share({ link, text }: { link: string; text: string }) {
  const { bridge } = usePortal()
  const { invite: texts } = useTexts()
  const [isCopied, setCopied] = useState(false)
  const share = `/share/url?${new URLSearchParams({ url: link, text })}`
  return (
    <>
      <div className="invite-code">
        <Qr text={link} label={texts.code} />
      </div>
      <p className="invite-link">{link}</p>
      {bridge.understands('web_app_open_tg_link') && (
        <button
          className="button main"
          type="button"
          onClick={() => bridge.say('web_app_open_tg_link', { path_full: share })}
        >
          {texts.send}
        </button>
      )}
      <button
        className="button"
        type="button"
        onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
      >
        {isCopied ? texts.copied : texts.copy}
      </button>
    </>
  )
}
