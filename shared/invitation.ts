/** Of a customer's link: what stands behind `ref_`. */
const INVITATION = /^[2-9a-hj-km-np-z]{10}$/

export const linkOf = (botName: string, code: string) => `https://t.me/${botName}?start=ref_${code}`

/** The code in what Telegram hands on from a link; undefined where it is none of ours. */
export function invitationOf(startParameter: string | undefined): string | undefined {
  const code = startParameter?.startsWith('ref_') ? startParameter.slice(4) : ''
  return INVITATION.test(code) ? code : undefined
}
