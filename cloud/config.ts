import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Operator } from '../shared/consent.ts'
import { DEFAULT_TIME_ZONE, isTimeZone } from '../shared/time.ts'

export type Config = z.output<typeof environment>

/** The only reader of the environment: everything else is handed what it needs. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const read = environment.safeParse(given)
  if (read.success) return read.data
  const faults = read.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
  throw new Error(`These environment variables cannot be used:\n${faults.join('\n')}`)
}

const environment = z
  .object({
    PORT: wholeNumber(0, 65_535).default(8080),
    HOST: z.string().trim().default('127.0.0.1'),
    DATABASE_URL: z
      .string()
      .trim()
      .regex(/^postgres(ql)?:\/\/./, 'must look like postgres://user:password@host:5432/database')
      .optional(),
    KOPILKA_DATA: z.string().default('.data'),
    ERASURES_FILE: z.string().optional(),
    PENDING_DISCOUNT_EXPIRY_SECONDS: wholeNumber(1, 3600).optional(),
    LOOKUPS_PER_MINUTE: wholeNumber(1, 1_000_000).default(120),
    MISSED_LOOKUPS_PER_MINUTE: wholeNumber(1, 1_000_000).default(10),
    OPERATIONS_PER_MINUTE: wholeNumber(1, 100_000_000).default(600),
    OPERATIONS_BURST: wholeNumber(1, 100_000_000).default(20_000),
    REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000).default(600),
    ENROL_ATTEMPTS_PER_MINUTE: wholeNumber(1, 1_000_000).default(10),
    STRANGERS_PER_MINUTE: wholeNumber(1, 1_000_000).default(60),
    TURNED_AWAY_PER_SECOND: wholeNumber(1, 1_000_000).default(50),
    MINI_APP_REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000).default(120),
    CHAIN_NAME: z.string().trim().max(40).default('Копилка'),
    SUPPORT_CONTACT: z.string().trim().max(100).optional(),
    JOIN_URL: z
      .url({ protocol: /^https$/ })
      .max(300)
      .optional(),
    OPERATOR_NAME: z.string().trim().max(200).optional(),
    OPERATOR_ADDRESS: z.string().trim().max(300).optional(),
    PRIVACY_POLICY_URL: z
      .url({ protocol: /^https$/ })
      .max(300)
      .optional(),
    TIME_ZONE: timeZone().default(DEFAULT_TIME_ZONE),
    TELEGRAM_BOT_TOKEN: z
      .string()
      .trim()
      .regex(/^\d+:[\w-]+$/, 'must look like 123456:ABC… as @BotFather gives it')
      .optional(),
    TELEGRAM_API_URL: webAddress().default('https://api.telegram.org'),
    PUBLIC_URL: webAddress().optional(),
    UPDATES_FOLDER: z.string().optional(),
    UPDATES_S3_ENDPOINT: z
      .url({ protocol: /^https?$/, error: 'must look like https://s3.example' })
      .optional(),
    UPDATES_S3_BUCKET: z.string().optional(),
    UPDATES_S3_REGION: z.string().default('us-east-1'),
    UPDATES_S3_ACCESS_KEY_ID: z.string().optional(),
    UPDATES_S3_SECRET_ACCESS_KEY: z.string().optional(),
    ALERTS_CHAT_ID: z
      .string()
      .trim()
      .regex(/^(-?\d{1,20}|@\w{1,64})$/, 'must be the number of a chat, such as -1001234567890, or @its_name')
      .optional(),
    VOUCHER_KEY: z
      .string()
      .trim()
      .regex(
        /^[\w.~+/=-]{32,200}$/,
        'must be 32 to 200 letters and digits, such as openssl rand -hex 32 prints',
      )
      .optional(),
    METRICS_PORT: wholeNumber(0, 65_535).optional(),
    METRICS_TOKEN: z
      .string()
      .trim()
      .regex(
        /^[\w.~+/=-]{16,200}$/,
        'must be 16 to 200 letters and digits, such as openssl rand -hex 32 prints',
      )
      .optional(),
    LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  })
  .refine((env) => env.UPDATES_S3_ENDPOINT === undefined || storeOf(env).kind === 's3', {
    path: ['UPDATES_S3_ENDPOINT'],
    message: 'needs UPDATES_S3_BUCKET, UPDATES_S3_ACCESS_KEY_ID and UPDATES_S3_SECRET_ACCESS_KEY beside it',
  })
  .refine((env) => operatorOf(env) !== undefined || !(env.OPERATOR_NAME ?? env.OPERATOR_ADDRESS), {
    path: ['OPERATOR_NAME'],
    error: 'goes with OPERATOR_ADDRESS and PRIVACY_POLICY_URL: set all three',
  })
  .refine((env) => !env.ALERTS_CHAT_ID || env.TELEGRAM_BOT_TOKEN, {
    path: ['ALERTS_CHAT_ID'],
    error: 'needs a bot that speaks there: set TELEGRAM_BOT_TOKEN too',
  })
  .transform((env) => ({
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    dataDir: resolve(env.KOPILKA_DATA),
    erasuresFile: resolve(env.ERASURES_FILE ?? join(env.KOPILKA_DATA, 'erasures.jsonl')),
    holdSeconds: env.PENDING_DISCOUNT_EXPIRY_SECONDS,
    lookupsPerMinute: env.LOOKUPS_PER_MINUTE,
    missedLookupsPerMinute: env.MISSED_LOOKUPS_PER_MINUTE,
    operationsPerMinute: env.OPERATIONS_PER_MINUTE,
    operationsBurst: env.OPERATIONS_BURST,
    requestsPerMinute: env.REQUESTS_PER_MINUTE,
    enrolAttemptsPerMinute: env.ENROL_ATTEMPTS_PER_MINUTE,
    strangersPerMinute: env.STRANGERS_PER_MINUTE,
    turnedAwayPerSecond: env.TURNED_AWAY_PER_SECOND,
    miniAppRequestsPerMinute: env.MINI_APP_REQUESTS_PER_MINUTE,
    chainName: env.CHAIN_NAME,
    supportContact: env.SUPPORT_CONTACT,
    joinUrl: env.JOIN_URL,
    operator: operatorOf(env),
    timeZone: env.TIME_ZONE,
    telegram: env.TELEGRAM_BOT_TOKEN
      ? { token: env.TELEGRAM_BOT_TOKEN, apiUrl: env.TELEGRAM_API_URL, publicUrl: env.PUBLIC_URL }
      : null,
    updates: storeOf(env),
    publicUrl: env.PUBLIC_URL,
    alertsChatId: env.ALERTS_CHAT_ID,
    voucherKey: env.VOUCHER_KEY,
    metricsPort: env.METRICS_PORT,
    metricsToken: env.METRICS_TOKEN,
    logLevel: env.LOG_LEVEL,
  }))

interface OperatorEnvironment {
  OPERATOR_NAME?: string | undefined
  OPERATOR_ADDRESS?: string | undefined
  PRIVACY_POLICY_URL?: string | undefined
}

/** The operator of the customers' data: a consent names all of it, or there is none. */
function operatorOf(env: OperatorEnvironment): Operator | undefined {
  const { OPERATOR_NAME: name, OPERATOR_ADDRESS: address, PRIVACY_POLICY_URL: policyUrl } = env
  return name && address && policyUrl ? { name, address, policyUrl } : undefined
}

/** Where the installers lie: a folder of this machine, or a store that speaks S3. */
export type StoreSettings =
  | { kind: 'folder'; folder: string }
  | {
      kind: 's3'
      endpoint: string
      bucket: string
      region: string
      accessKeyId: string
      secretAccessKey: string
    }

interface StoreEnvironment {
  KOPILKA_DATA: string
  UPDATES_FOLDER?: string | undefined
  UPDATES_S3_ENDPOINT?: string | undefined
  UPDATES_S3_BUCKET?: string | undefined
  UPDATES_S3_REGION: string
  UPDATES_S3_ACCESS_KEY_ID?: string | undefined
  UPDATES_S3_SECRET_ACCESS_KEY?: string | undefined
}

/** A folder, unless everything that a store with S3's protocol needs is there. */
function storeOf(env: StoreEnvironment): StoreSettings {
  const { UPDATES_S3_ENDPOINT: endpoint, UPDATES_S3_BUCKET: bucket, UPDATES_S3_REGION: region } = env
  const { UPDATES_S3_ACCESS_KEY_ID: accessKeyId, UPDATES_S3_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (endpoint && bucket && accessKeyId && secretAccessKey)
    return { kind: 's3', endpoint, bucket, region, accessKeyId, secretAccessKey }
  return { kind: 'folder', folder: resolve(env.UPDATES_FOLDER ?? join(env.KOPILKA_DATA, 'updates')) }
}

function wholeNumber(lowest: number, highest: number) {
  const expected = `must be a whole number from ${lowest} to ${highest}`
  return z
    .string()
    .trim()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= lowest && Number(text) <= highest, {
      error: (issue) => `${expected}, not "${issue.input}"`,
    })
    .transform(Number)
}

/** Without a slash at its end, so that a path can be put behind it. */
function webAddress() {
  return z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://loyalty.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
}

/** What a customer reads as the day of a purchase is the day in the shops. */
function timeZone() {
  return (
    z
      .string()
      .trim()
      // A bare offset such as +03:00 is none: Postgres reads it with the opposite sign.
      .refine(
        (name) => /^[a-z]/i.test(name) && isTimeZone(name),
        'must be a time zone such as Europe/Moscow or Asia/Yekaterinburg',
      )
  )
}

function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(choices, { error: (issue) => `must be one of ${choices.join(', ')}, not "${issue.input}"` }))
}
