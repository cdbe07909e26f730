import type { z } from 'zod'
import type { Instant } from '../../shared/time.ts'
import { type Changed, logChange, type Origin } from '../auditLog.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Staff } from '../ledger/account.ts'
import { authorName } from '../ledger/rows.ts'
import { type ActName, isAllowed, type Permission, permissions } from './permissions.ts'

/** Who acts and when, and what of the configuration an act may need. */
export interface By {
  who: Staff
  /** Where the person is, unless at the server itself. */
  from?: Origin
  now: Instant
  /** Of programmes that have none of their own. */
  timeZone?: string | undefined
  /** Overrides the programme's hold time. */
  holdSeconds?: number | undefined
  /** The bot's token, by which a person who comes back is known; null where it is not set. */
  botToken: string | null
}

interface Done<Result> {
  result: Result
  /** For the log of changes; null where it was so already, and nothing has changed. */
  change: Changed | null
}

/** What customers get by it; below zero it is taken from them. */
interface Effect {
  points: number
  kopecks: number
}

/** Something that a person changes. The ways to ask for it, such as the command line, add nothing but their words. */
export interface Act<Input extends z.ZodType, Result> {
  /** Also what it is called in the log of changes. */
  name: ActName
  title: string
  needs: Permission
  /** Takes numbers also as text, which is all that a form and a command line have. */
  input: Input
  /** As far as it can be told from the input alone. */
  effect(input: z.output<Input>): Effect | null
  run(sql: Tx, input: z.output<Input>, by: By): Promise<Done<Result>>
}

type Definition<Input extends z.ZodType, Result> = Omit<Act<Input, Result>, 'needs' | 'effect'> &
  Partial<Pick<Act<Input, Result>, 'effect'>>

export function act<Input extends z.ZodType, Result>(
  definition: Definition<Input, Result>,
): Act<Input, Result> {
  return { effect: () => null, ...definition, needs: permissions[definition.name] }
}

/** Does it, and writes down who did what: one transaction, and one row of the log of changes. */
export async function perform<Input extends z.ZodType, Result>(
  act: Act<Input, Result>,
  input: z.input<Input> | z.output<Input>,
  by: By & { sql: Sql },
): Promise<Result> {
  const { result } = await by.sql.begin(async (sql) => ({
    result: await performWithin(sql, act, input, by),
  }))
  return result
}

/** The same inside a transaction that has more to do. */
export async function performWithin<Input extends z.ZodType, Result>(
  sql: Tx,
  act: Act<Input, Result>,
  given: z.input<Input> | z.output<Input>,
  by: By,
): Promise<Result> {
  if (!isAllowed(by.who, act.needs))
    throw new ActError('not_allowed', `"${act.name}" needs the permission ${act.needs}. Nothing was changed.`)
  const input = act.input.safeParse(given)
  if (!input.success) throw new InputError(faultsOf(input.error))
  const { result, change } = await act.run(sql, input.data, by)
  if (change) await logChange(sql, { who: authorName(by.who), from: by.from, action: act.name, ...change })
  return result
}

/** What was asked cannot be done; the message says what to do instead. */
export class ActError extends Error {
  override name = 'ActError'
  readonly code: string
  /** What is worth seeing all the same, such as the ledger's refusal. */
  readonly result: unknown

  constructor(code: string, message: string, result?: unknown) {
    super(message)
    this.code = code
    this.result = result
  }
}

/** What was given is not what is needed. */
export class InputError extends Error {
  override name = 'InputError'
}

function faultsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [...path, message].join(' ')).join('; ')
}
