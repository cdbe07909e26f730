import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

/** A Windows to run programs in: this one, or a machine of Wine's. */
export interface Windows {
  /** Its Node. */
  node: string
  /** How a program in it names a file of this system. */
  path(path: string): string
  /** A program with its output in a file: what is a pipe here is none to a program under Wine. Answers its exit code. */
  run(program: string, args: string[], output: string, env?: Record<string, string>): Promise<number>
  /** Ends what still runs in it. */
  close(): void
}

export const thisWindows: Windows = {
  node: process.execPath,
  path: (path) => path,
  run: (program, args, output, env = {}) =>
    runInto(output, { program, args, env: { ...process.env, ...env } }),
  close() {},
}

export function runInto(
  output: string,
  { program, args, env }: { program: string; args: string[]; env: NodeJS.ProcessEnv },
): Promise<number> {
  const file = openSync(output, 'a')
  const child = spawn(program, args, { env, stdio: ['ignore', file, file] })
  closeSync(file)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
