import type { RegisterApi } from '../../shared/bridge.ts'
import { connectBySocket, type SocketLike } from './socketBridge.ts'

declare global {
  interface Window {
    /** Put there by Electron's preload; in an ordinary browser it is missing. */
    kopilka?: RegisterApi
  }
}

/** The register, and whether it is still there to answer. */
export interface LinkedRegister {
  api: RegisterApi
  /** Calls at once with what is so, and on every change, until the function it returns is called. */
  watchLink(listener: (isUp: boolean) => void): () => void
}

/** The register of this window, in whichever shell it runs; resolves once there is a first snapshot. */
export function findRegister(): Promise<LinkedRegister> {
  const { kopilka } = window
  if (!kopilka) return connectToRegister()
  return Promise.resolve({
    api: kopilka,
    watchLink(listener) {
      listener(true)
      return () => {}
    },
  })
}

function connectToRegister(): Promise<LinkedRegister> {
  const token = takeToken(window)
  const url = `ws://${window.location.host}/register`
  return connectBySocket({
    open: () => new WebSocket(url, ['kopilka', token]) as SocketLike,
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
  })
}

const TOKEN = 'kopilka.token'

/** The token leaves the address bar, where a photograph of the screen would show it, and survives a reload. */
export function takeToken({
  location,
  history,
  sessionStorage,
}: Pick<Window, 'location' | 'history' | 'sessionStorage'>): string {
  const url = new URL(location.href)
  const given = url.searchParams.get('token')
  if (given === null) return sessionStorage.getItem(TOKEN) ?? 'none'
  sessionStorage.setItem(TOKEN, given)
  url.searchParams.delete('token')
  history.replaceState(null, '', url)
  return given
}
