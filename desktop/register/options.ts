import { parseArgs } from 'node:util'
import { z } from 'zod'

const optionsSchema = z.object({
  cloud: z.url({ protocol: /^https?$/ }).optional(),
  key: z.string().min(1).optional(),
  code: z.string().min(1).optional(),
  exchange: z.string().min(1).optional(),
  data: z.string().min(1).default('.register'),
  'log-level': z.enum(['debug', 'info', 'warn', 'error']).default('info'),
})
export type Options = z.infer<typeof optionsSchema>

export const usage = `npm run register -- [--cloud URL] [--key KEY | --code CODE] [--exchange FOLDER] [--data FOLDER]
  --cloud      where the cloud is, such as https://points.example
  --key        the key of this register; or
  --code       a pairing code, used once: the key is kept in the data folder
  --exchange   the folder where 1C and the register meet (default C:\\loyalty)
  --data       the folder of the journal and the settings (default .register)
  --log-level  debug, info, warn or error`

/** What the command line says, or why it cannot be understood. */
export function readOptions(args: string[]): Options | { problem: string } {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      args,
      options: { cloud: text, key: text, code: text, exchange: text, data: text, 'log-level': text },
    })
    const parsed = optionsSchema.safeParse(values)
    if (parsed.success) return parsed.data
    return {
      problem: parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'),
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
