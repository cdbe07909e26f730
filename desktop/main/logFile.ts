import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname, format, parse } from 'node:path'
import type { DestinationStream } from 'pino'

/**
 * Lines into a file, and into the next one when it is full: kiosk.log is the newest, kiosk.4.log the oldest.
 * A log that cannot be written must not stop a till, so its failures end here.
 */
export function openLogFile({
  path,
  limitBytes = 10 * 1024 * 1024,
  files = 5,
}: {
  path: string
  limitBytes?: number
  files?: number
}): DestinationStream {
  const numbered = (number: number) => {
    const { dir, name, ext } = parse(path)
    return number === 0 ? path : format({ dir, name: `${name}.${number}`, ext })
  }
  let file: number | null = null
  let sizeBytes = 0

  function open(): void {
    mkdirSync(dirname(path), { recursive: true })
    file = openSync(path, 'a', 0o600)
    sizeBytes = fstatSync(file).size
  }

  function rotate(): void {
    if (file !== null) closeSync(file)
    file = null
    for (let number = files - 2; number >= 0; number -= 1)
      attempt(() => renameSync(numbered(number), numbered(number + 1)))
    open()
    // An editor or an antivirus holds the file open: it grows on, and is tried again as much later.
    if (sizeBytes >= limitBytes) sizeBytes = 0
  }

  return {
    write(line) {
      attempt(() => {
        if (file === null) open()
        if (sizeBytes >= limitBytes) rotate()
        if (file !== null) sizeBytes += writeSync(file, line)
      })
    },
  }
}

function attempt(act: () => void): void {
  try {
    act()
  } catch {}
}
