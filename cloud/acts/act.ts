import type { z } from 'zod'
import type { Role } from '../../shared/staff.ts'
import type { Instant } from '../../shared/time.ts'
import type { VoucherKey } from '../access/voucherKey.ts'
import { type Changed, logChange, type Origin } from '../auditLog.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Staff } from '../ledger/account.ts'
import { authorName } from '../ledger/rows.ts'
import { type ActName, type Asking, authorFor, permissions } from './permissions.ts'
import { type Place, sees, seesEverything } from './place.ts'
import { decideProposal, type Effect, insertProposal, type Proposed, type Weight } from './proposalRows.ts'

/** The person who asks, the time, and the parts of the configuration that acts need. */
export interface Around {
  who: Asking
  /** The address of the person; absent at the server itself. */
  from?: Origin
  now: Instant
  /** The time zone of programmes that have none of their own. */
  timeZone?: string | undefined
  /** Overrides the programme's hold time. */
  holdSeconds?: number | undefined
  /** The bot's token, by which a person who comes back is known; null where it is not set. */
  botToken: string | null
  /** The key that codes of vouchers are made by; asked for only where codes are made. */
  voucherKey: () => VoucherKey
  /** The proposal under which the act is done: it was approved by others, or one person answers for it alone. */
  proposal?: number | undefined
}

/** The same inside an act: the person may do it, and `who` has the role in which they do. */
export interface By extends Omit<Around, 'who'> {
  who: Staff
}

interface Done<Result> {
  result: Result
  /** The change for the log of changes; null where nothing has changed, because it was so already. */
  change: Changed | null
}

/** A change that a person makes. The ways to ask for it, such as the command line, add only their words. */
export interface Act<Input extends z.ZodType, Result> {
  /** The name of the act, also in the log of changes. */
  name: ActName
  title: string
  needs: readonly Role[]
  /** Takes numbers also as text, which is all that a form and a command line have. */
  input: Input
  /**
   * The places that it changes; absent for everywhere, null where a place that was named does not exist. The person must be
   * allowed to see all of them.
   */
  place?(sql: Tx, input: z.output<Input>, who: Asking): Promise<Place | null | (Place | null)[]>
  /** Its result is told once and kept nowhere: a key, a code, a password. */
  isSecret: boolean
  /** The effect on points or money, as far as the input alone tells it. */
  effect(input: z.output<Input>): Effect | null
  /**
   * How heavy the act is: null where one person may do it; the function is absent where one person always may. A proposal
   * stays for others to approve, however light the act would be by now. The rows that it would change stay locked.
   */
  weigh?(sql: Tx, input: z.output<Input>, by: By): Promise<Weight | null>
  run(sql: Tx, input: z.output<Input>, by: By): Promise<Done<Result>>
}

type Optional = 'effect' | 'isSecret'
type Definition<Input extends z.ZodType, Result> = Omit<Act<Input, Result>, 'needs' | Optional> &
  Partial<Pick<Act<Input, Result>, Optional>>

export function act<Input extends z.ZodType, Result>(
  definition: Definition<Input, Result>,
): Act<Input, Result> {
  return { effect: () => null, isSecret: false, ...definition, needs: permissions[definition.name] }
}

/** Does an act and logs it: one transaction, and one row in the log of changes. */
export async function perform<Input extends z.ZodType, Result>(
  act: Act<Input, Result>,
  input: z.input<Input> | z.output<Input>,
  by: Around & { sql: Sql },
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
  by: Around,
): Promise<Result> {
  const asked = await askWithin(sql, act, given, by)
  if (asked.status === 'done') return asked.result
  throw new ActError('needs_approval', `"${act.name}" is too much for one person here. Nothing was changed.`)
}

export type Asked<Result> = { status: 'done'; result: Result } | { status: 'proposed'; proposal: Proposed }

/**
 * Does an act or, where it is too heavy for one person, proposes it. At the server it is done, and another person is to
 * review it.
 */
export async function askWithin<Input extends z.ZodType, Result>(
  sql: Tx,
  act: Act<Input, Result>,
  given: z.input<Input> | z.output<Input>,
  around: Around,
): Promise<Asked<Result>> {
  const who = authorFor(around.who, act.needs)
  if (!who) throw notAllowed(act)
  const input = readInput(act, given)
  await refuseOutOfSight(sql, act, input, around.who)

  const by: By = { ...around, who }
  const weight = by.proposal === undefined ? ((await act.weigh?.(sql, input, by)) ?? null) : null
  const proposal = weight && (await insertProposal(sql, { act: act.name, input, weight }, by))
  const log = { who: authorName(who), from: by.from }
  if (proposal && who.type !== 'admin') {
    const { id, act: name, points, hash } = proposal
    await logChange(sql, {
      ...log,
      action: 'proposal add',
      subject: `proposal ${id}`,
      after: { act: name, points, hash },
    })
    return { status: 'proposed', proposal }
  }
  const underProposal = proposal?.id ?? by.proposal
  const { result, change } = await act.run(sql, input, { ...by, proposal: underProposal })
  if (proposal)
    await decideProposal(sql, proposal.id, { ...by, state: 'done', reason: ON_SERVER, isBreakGlass: true })
  if (change) await logChange(sql, { ...log, action: act.name, proposal: underProposal, ...change })
  return { status: 'done', result }
}

const ON_SERVER = 'at the command line of the server'

/** The input as the act's schema reads it. */
export function readInput<Input extends z.ZodType, Result>(
  act: Act<Input, Result>,
  given: unknown,
): z.output<Input> {
  const input = act.input.safeParse(given)
  if (input.success) return input.data
  throw new InputError(faultsOf(input.error))
}

/** Refuses alike what is out of sight and what does not exist: a person learns nothing of places they may not see. */
export async function refuseOutOfSight<Input extends z.ZodType, Result>(
  sql: Tx,
  act: Act<Input, Result>,
  input: z.output<Input>,
  who: Asking,
): Promise<void> {
  if (seesEverything(who) || who.type === 'admin') return
  const places = [(await act.place?.(sql, input, who)) ?? null].flat()
  if (places.every((place) => place && sees(who.sees, place))) return
  throw new ActError(
    'out_of_sight',
    'There is no such thing in the programmes and stores that you may see. Nothing was changed.',
  )
}

const notAllowed = ({ name, needs }: { name: ActName; needs: readonly Role[] }) =>
  new ActError(
    'not_allowed',
    `"${name}" is ${needs.length > 0 ? `for ${needs.join(', ')}` : 'done on the server'}. Nothing was changed.`,
  )

/** The act cannot be done; the message says what to do instead. */
export class ActError extends Error {
  override name = 'ActError'
  readonly code: string
  /** A result to be shown all the same, such as the refusal of the ledger. */
  readonly result: unknown

  constructor(code: string, message: string, result?: unknown) {
    super(message)
    this.code = code
    this.result = result
  }
}

/** The input is not what the act needs. */
export class InputError extends Error {
  override name = 'InputError'
}

const FAULTS_TOLD = 10

/** A list may have ten thousand entries, each as wrong as the first. */
function faultsOf({ issues }: z.ZodError): string {
  const told = issues.slice(0, FAULTS_TOLD).map(({ path, message }) => [...path, message].join(' '))
  const more = issues.length - FAULTS_TOLD
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
