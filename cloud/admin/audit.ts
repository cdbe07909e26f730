import { z } from 'zod'
import { runAudit } from '../ledger/audit.ts'
import { type Command, command } from './command.ts'
import { table } from './print.ts'

export const auditCommands: Record<string, Command> = {
  audit: command({
    usage: 'audit',
    input: z.strictObject({}),
    run: async ({ sql }) => ({ violations: await runAudit(sql) }),
    text: ({ violations }) =>
      violations.length === 0
        ? 'The ledger is healthy.'
        : table(
            ['what must not be', 'reference', 'details'],
            violations.map(({ query, reference, details }) => [query, reference, JSON.stringify(details)]),
          ),
    exitCode: ({ violations }) => (violations.length === 0 ? 0 : 1),
  }),
}
