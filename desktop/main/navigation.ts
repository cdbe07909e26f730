import type { WebContents } from 'electron'
import { isOurs } from './address.ts'

/** The window shows our own page and nothing else, whatever a link, a script or a dropped file asks for. */
export function stayAtHome(contents: WebContents, isHome: (url: string) => boolean = isOurs): void {
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isHome(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
