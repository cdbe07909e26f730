import { setTimeout as pause } from 'node:timers/promises'
import type { Operation } from '../shared/operation.ts'
import { openConnection } from './client.ts'
import { type CpuShares, readCpu, sharesBetween } from './cpu.ts'
import { readServerWork, type ServerWork, workBetween } from './serverWork.ts'
import type { Stage } from './stage.ts'
import { type Counted, createTally, type Tally } from './tally.ts'
import { together } from './together.ts'

/** Sends operations in one request; true when every one of them was accepted. */
export type Send = (operations: Operation[], startedAt?: number) => Promise<boolean>
/** What one till does next, from its first request to its last. */
export type Action = (send: Send) => Promise<void>

export interface Load extends Counted {
  cpu: CpuShares | null
  work: ServerWork | null
}

/** Closed loop: every connection begins its next action when the last one has ended. */
export async function runLoad(
  stage: Stage,
  connections: number,
  actionOf: (connection: number) => Action,
): Promise<Load> {
  const { warmUpSeconds, seconds } = stage.options
  const tally = createTally()
  const tills = await openTills(stage, connections, tally)
  await together()
  let running = true
  const ended = Promise.all(
    tills.map(async ({ send }, index) => {
      const act = actionOf(index)
      while (running) await act(send)
    }),
  )

  async function measure(): Promise<Pick<Load, 'cpu' | 'work'>> {
    await pause(warmUpSeconds * 1000)
    const [workBefore, before] = [await readServerWork(stage), await readCpu(stage)]
    tally.open()
    await pause(seconds * 1000)
    tally.close()
    const cpu = sharesBetween(before, await readCpu(stage))
    return { cpu, work: workBetween(workBefore, await readServerWork(stage)) }
  }
  // A broken connection ends the measuring at once instead of leaving it to count silence.
  const measured = await Promise.race([measure(), ended.then(() => ({ cpu: null, work: null }))])
  running = false
  await ended
  for (const { close } of tills) close()
  return { ...tally.count(), ...measured }
}

export async function openTills(stage: Stage, connections: number, tally: Tally) {
  return Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const key = stage.keys[index % stage.keys.length] ?? ''
      const connection = await openConnection(stage.api.url, key)
      const send: Send = async (operations, startedAt = performance.now()) => {
        const reply = await connection.post('/v1/operations', JSON.stringify({ operations }))
        const acceptedOperations = reply.status === 200 ? occurrences(reply.body, '"status":"accepted"') : 0
        tally.add({ startedAt, acceptedOperations })
        if (acceptedOperations === operations.length) return true
        const code = /"code":"(\w+)"/.exec(reply.body)?.[1] ?? 'unknown'
        tally.problem(`${reply.status} ${code}`, operations.length - acceptedOperations)
        return false
      }
      return { send, close: connection.close }
    }),
  )
}

function occurrences(text: string, part: string): number {
  let count = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count += 1
  return count
}
