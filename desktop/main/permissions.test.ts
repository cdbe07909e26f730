import { beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN } from './address.ts'
import { allowOnlyTheCamera } from './permissions.ts'
import { fire, resetElectron, session, state } from './testing/electron.ts'

type Permission = Parameters<NonNullable<typeof state.permissionCheck>>[1]
type Media = 'video' | 'audio' | 'unknown'

describe('what the page may use', () => {
  beforeEach(() => {
    resetElectron()
    allowOnlyTheCamera(session.defaultSession as unknown as Electron.Session)
  })

  const contents = {} as Electron.WebContents

  function isGranted(
    permission: Permission,
    {
      url = `${ORIGIN}/`,
      isMainFrame = true,
      media,
    }: { url?: string; isMainFrame?: boolean; media?: Media[] },
  ): boolean {
    let granted = false
    const answer = (isGiven: boolean) => {
      granted = isGiven
    }
    const mediaTypes = media as ('video' | 'audio')[] | undefined
    const details = { requestingUrl: url, isMainFrame, ...(mediaTypes && { mediaTypes }) }
    state.permissionRequest?.(contents, permission, answer, details)
    return granted
  }

  function isChecked(
    permission: Permission,
    {
      url = `${ORIGIN}/`,
      isMainFrame = true,
      media,
    }: { url?: string; isMainFrame?: boolean; media?: Media[] },
  ): boolean | undefined {
    const [mediaType] = media ?? []
    return state.permissionCheck?.(null, permission, url, { isMainFrame, ...(mediaType && { mediaType }) })
  }

  it('is the camera, on our own page', () => {
    expect(isGranted('media', { media: ['video'] })).toBe(true)
    expect(isChecked('media', { media: ['video'] })).toBe(true)
  })

  it.each<[what: string, permission: Permission, how: Parameters<typeof isGranted>[1]]>([
    ['the microphone', 'media', { media: ['audio'] }],
    ['a medium nobody knows', 'media', { media: ['unknown'] }],
    ['the camera of another page', 'media', { media: ['video'], url: 'https://evil.test/' }],
    [
      'the camera of a page that only starts like ours',
      'media',
      { media: ['video'], url: `${ORIGIN}.evil/` },
    ],
    ['the camera of no page', 'media', { media: ['video'], url: '' }],
    ['the camera of a frame in our page', 'media', { media: ['video'], isMainFrame: false }],
    ['the screen', 'display-capture', { media: ['video'] }],
    ...(
      [
        'geolocation',
        'notifications',
        'clipboard-read',
        'clipboard-sanitized-write',
        'fullscreen',
        'hid',
        'serial',
        'usb',
        'midiSysex',
        'openExternal',
        'fileSystem',
        'unknown',
      ] as const
    ).map((name): [string, Permission, object] => [name, name, {}]),
  ])('is not %s', (_what, permission, how) => {
    expect(isGranted(permission, how)).toBe(false)
    expect(isChecked(permission, how)).toBe(false)
  })

  it('is not the camera together with the microphone', () => {
    expect(isGranted('media', { media: ['video', 'audio'] })).toBe(false)
  })

  it('passes the first check, which names no medium, and not the request after it', () => {
    expect(isChecked('media', {})).toBe(true)
    expect(isGranted('media', {})).toBe(false)
  })

  it('is no download', () => {
    expect(fire(session.defaultSession, 'will-download').isPrevented).toBe(true)
  })
})
