import { readFileSync } from 'node:fs'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { z } from 'zod'
import { isSafeAddress } from '../../../shared/cloudAddress.ts'
import { displayWishSchema } from '../../../shared/display.ts'

/** The options of every way to start a register. */
export const registerOptions = z.object({
  cloud: z.url({ protocol: /^https?$/ }).optional(),
  insecure: z.boolean().optional(),
  key: z.string().min(1).optional(),
  'key-file': z.string().min(1).optional(),
  code: z.string().min(1).optional(),
  exchange: z.string().min(1).optional(),
  data: z.string().min(1).default('.register'),
  display: displayWishSchema.optional(),
  'log-level': z.enum(['debug', 'info', 'warn', 'error']).default('info'),
})
/** The settings with the key itself, whether it came as text, in a file or by the standard input. */
export type RegisterSettings = WithKey<typeof registerOptions>
export type WithKey<T extends z.ZodObject> = Omit<z.infer<T>, 'key-file'>

/** The options without a value. */
export const FLAGS: readonly string[] = ['insecure'] satisfies (keyof typeof registerOptions.shape)[]

export const registerUsage = `  --cloud      where the cloud is, such as https://points.example
  --insecure   the cloud may be an http:// one on another machine: whoever is on the way can read the key; kept
  --key        the key of this register; other users of this machine can see it, so better:
  --key-file   the file it is in; or "--key -": it comes by the standard input; or
  --code       a pairing code, used once: the key is kept in the data folder
  --exchange   the folder where 1C and the register meet (default C:\\loyalty)
  --data       the folder of the journal and the settings (default .register)
  --display    what the customer sees: monitor (a second one of this machine), a port (for a tablet in the network
               of the shop), or off; kept
  --log-level  debug, info, warn or error`

/** What the command line says, or why it cannot be understood. */
export function readOptions<T extends z.ZodObject>(
  schema: T,
  args: string[],
): { options: WithKey<T> } | { problem: string } {
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, { type: FLAGS.includes(name) ? 'boolean' : 'string' }]),
  )
  try {
    const parsed = schema.safeParse(parseArgs({ args, options }).values)
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`)
      return { problem: faults.join('\n') }
    }
    const { 'key-file': keyFile, ...said } = parsed.data
    const { cloud, insecure, key } = registerOptions.parse(parsed.data)
    if (cloud !== undefined && !insecure && !isSafeAddress(cloud)) return { problem: httpProblem(cloud) }
    if (key !== undefined && keyFile !== undefined)
      return { problem: '--key and --key-file: the key is said once' }
    const source = key === '-' ? STANDARD_INPUT : (keyFile as string | undefined)
    const read = source === undefined ? {} : { key: readKey(source) }
    return { options: { ...said, ...read } as WithKey<T> }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

const httpProblem = (cloud: string) =>
  `--cloud ${cloud}: over http anybody on the way can read the key and take points. Say https://, or --insecure if this network is yours alone`

const STANDARD_INPUT = 0

function readKey(source: string | number): string {
  const key = readFileSync(source, 'utf8').trim()
  if (key === '')
    throw new Error(`--key${source === STANDARD_INPUT ? ' -' : `-file ${source}`}: there is no key in it`)
  return key
}
