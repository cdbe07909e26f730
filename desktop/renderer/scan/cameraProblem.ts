/** Why there is no picture, in the words of the screen. */
export type CameraProblem = 'denied' | 'missing' | 'unplugged' | 'busy' | 'failed'

const problems: [RegExp, CameraProblem][] = [
  [/NotAllowedError|SecurityError|PermissionDenied/, 'denied'],
  [/NotFoundError|OverconstrainedError|DevicesNotFound/, 'missing'],
  [/NotReadableError|AbortError|TrackStartError/, 'busy'],
]

/** The library tells an error as text with the browser's name of it inside. */
export function problemOf(error: string): CameraProblem {
  return problems.find(([pattern]) => pattern.test(error))?.[1] ?? 'failed'
}
