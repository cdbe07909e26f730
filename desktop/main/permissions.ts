import type { Session } from 'electron'
import { isOurs } from './address.ts'

/** The camera, for our own page. Chromium's default in Electron is to allow everything to every page. */
export function allowOnlyTheCamera(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const types = 'mediaTypes' in details ? details.mediaTypes : undefined
    const isCamera = permission === 'media' && types?.length === 1 && types[0] === 'video'
    answer(isCamera && details.isMainFrame && isOurs(details.requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    // A first check names no medium; which one it is comes with the request and with the checks after it.
    const isCamera = permission === 'media' && (details.mediaType ?? 'video') === 'video'
    return isCamera && details.isMainFrame && isOurs(requestingOrigin)
  })
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}
