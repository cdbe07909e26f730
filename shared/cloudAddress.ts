/** An address that keeps a key and people's names from being read on the way: https, or this very machine. */
export function isSafeAddress(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && (url.protocol === 'https:' || isLoopback(url.hostname))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** An address as people say it, without a scheme too; null where it is none. Only this machine is spoken to in the clear. */
export function addressOf(text: string): string | null {
  const said = text.trim()
  if (/^https?:\/\//i.test(said)) return urlOf(said)
  if (said === '' || said.includes('://')) return null
  const url = URL.parse(`https://${said}`)
  return url && urlOf(`${isLoopback(url.hostname) ? 'http' : 'https'}://${said}`)
}

/** A name of one word is a machine of the network, and a slip of the hand is not. */
function urlOf(text: string): string | null {
  const url = URL.parse(text)
  return url && !/\s/.test(text) && url.username === '' ? text.replace(/\/+$/, '') : null
}
