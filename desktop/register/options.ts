import { type ParseArgsConfig, parseArgs } from 'node:util'
import { z } from 'zod'

/** What every way to start a register understands. */
export const registerOptions = z.object({
  cloud: z.url({ protocol: /^https?$/ }).optional(),
  key: z.string().min(1).optional(),
  code: z.string().min(1).optional(),
  exchange: z.string().min(1).optional(),
  data: z.string().min(1).default('.register'),
  'log-level': z.enum(['debug', 'info', 'warn', 'error']).default('info'),
})
export type RegisterSettings = z.infer<typeof registerOptions>

export const registerUsage = `  --cloud      where the cloud is, such as https://points.example
  --key        the key of this register; or
  --code       a pairing code, used once: the key is kept in the data folder
  --exchange   the folder where 1C and the register meet (default C:\\loyalty)
  --data       the folder of the journal and the settings (default .register)
  --log-level  debug, info, warn or error`

/** What the command line says, or why it cannot be understood. */
export function readOptions<T extends z.ZodObject>(
  schema: T,
  args: string[],
): { options: z.infer<T> } | { problem: string } {
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, { type: 'string' }]),
  )
  try {
    const parsed = schema.safeParse(parseArgs({ args, options }).values)
    if (parsed.success) return { options: parsed.data }
    const faults = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`)
    return { problem: faults.join('\n') }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
