import { spawn } from 'node:child_process'

const OPENERS: Partial<Record<NodeJS.Platform, [program: string, ...args: string[]]>> = {
  win32: ['cmd', '/c', 'start', ''],
  darwin: ['open'],
  linux: ['xdg-open'],
}

/** Opens an address in the person's own browser; where there is none, the address was printed. */
export function openInBrowser(url: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? []
  if (!program) return
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
