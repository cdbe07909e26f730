import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Closers } from '../build/command/interrupt.ts'

const PATIENCE_MS = 30_000

/** Asks the process to stop, and ends it when it does not. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await exited
  clearTimeout(timer)
}

/** Runs a program to its end and returns what it printed. */
export async function runProgram(
  closers: Closers,
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  closers.defer(() => stopChild(child))
  let printed = ''
  let problem = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problem += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ${args[0]} failed (${code}):\n${problem || printed}`)
  return printed
}
