/** Where the screen lives: a scheme of our own, so that a page from anywhere else is another origin. */
export const SCHEME = 'app'
export const HOST = 'kopilka'
export const ORIGIN = `${SCHEME}://${HOST}`

export function isOurs(address: string): boolean {
  const url = URL.parse(address)
  return url?.protocol === `${SCHEME}:` && url.host === HOST
}
