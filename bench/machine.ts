import { cpus, totalmem } from 'node:os'
import type { Stage } from './stage.ts'

export interface Machine {
  cpus: number
  model: string
  memoryGiB: number
  node: string
  postgres: string
  limitBy: string
  apiLogLevel: string
}

export async function describeMachine({ sql, options }: Stage, limitBy: string): Promise<Machine> {
  const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`
  return {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: row?.version ?? 'unknown',
    limitBy,
    apiLogLevel: options.logLevel,
  }
}

export function machineLine(machine: Machine): string {
  return (
    `${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB; node ${machine.node}, ` +
    `PostgreSQL ${machine.postgres}; limit: ${machine.limitBy}; API log level ${machine.apiLogLevel}, to a file; ` +
    'API, Postgres and load generator on the same machine'
  )
}
