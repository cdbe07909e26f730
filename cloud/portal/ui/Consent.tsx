import type { MouseEvent } from 'react'
import { consentText } from '../../../shared/consent.ts'
import type { Language } from '../../../shared/me.ts'
import { usePortal } from '../portal.ts'

interface ConsentProps {
  language: Language
  toAgree: Parameters<typeof consentText>[1]
}

/** The text as it is agreed to; the policy that it names can be opened. */
export function Consent({ language, toAgree }: ConsentProps) {
  const policyUrl = toAgree.operator?.policyUrl
  return consentText(language, toAgree).map((paragraph) => {
    const [before, after] = policyUrl ? paragraph.split(policyUrl) : [paragraph]
    return (
      <p key={paragraph}>
        {before}
        {policyUrl && after !== undefined && <Policy url={policyUrl} />}
        {after}
      </p>
    )
  })
}

/** Outside of the app: inside of it, there would be no way back. */
function Policy({ url }: { url: string }) {
  const { bridge } = usePortal()
  const open = (event: MouseEvent) => {
    if (!bridge.isAvailable()) return
    event.preventDefault()
    bridge.say('web_app_open_link', { url })
  }
  return (
    <a href={url} target="_blank" rel="noreferrer" onClick={open}>
      {url}
    </a>
  )
}
