import {
  type CommandInput,
  type CommandName,
  type CommandReply,
  commandSchemas,
} from '../../../shared/bridge.ts'
import { diskFailureOf } from '../machine/diskWatch.ts'
import { type CommandsOptions, createHandling, type Handlers, type Parsed, refuse } from './handling.ts'
import { parkedHandlers } from './parkedCommands.ts'
import { returnHandlers } from './returnCommands.ts'
import { saleHandlers } from './saleCommands.ts'
import { settingsHandlers } from './settingsCommands.ts'

type Commands = { [K in CommandName]: (input: CommandInput<K>) => Promise<CommandReply<K>> }

/** The commands of a screen, parsed at the door. A fault of ours is logged and answered, and never thrown. */
export function createCommands(options: CommandsOptions) {
  const { log } = options
  const handlers = createHandlers(options)
  let writings = 0
  let isClosed = false

  async function answer<K extends CommandName>(name: K, input: unknown): Promise<CommandReply<K>> {
    if (isClosed) return refuse('failed', 'The register has stopped.')
    const parsed = commandSchemas[name].safeParse(input)
    if (!parsed.success)
      return refuse('malformed', parsed.error.issues.map(({ message }) => message).join('; '))
    try {
      const reply = handlers[name](parsed.data as Parsed<K>)
      return reply instanceof Promise ? await whileWriting(reply) : reply
    } catch (error) {
      log.error({ err: error, command: name }, 'a command failed')
      const failure = diskFailureOf(error)
      return failure === null
        ? refuse('failed', 'See the log of the register.')
        : refuse('not_written', failure)
    }
  }

  async function whileWriting<T>(work: Promise<T>): Promise<T> {
    writings += 1
    return await work.finally(() => {
      writings -= 1
    })
  }

  const bind = <K extends CommandName>(name: K) => ({ [name]: (input: unknown) => answer(name, input) })
  const names = Object.keys(commandSchemas) as CommandName[]
  return {
    commands: Object.assign({}, ...names.map(bind)) as Commands,
    /** A command is under way that writes something. */
    isWriting: (): boolean => writings > 0,
    /** Every later command is refused. */
    close(): void {
      isClosed = true
    },
  }
}

function createHandlers(options: CommandsOptions): Handlers {
  const handling = createHandling(options)
  return {
    ...saleHandlers(handling),
    ...returnHandlers(handling),
    ...parkedHandlers(handling),
    ...settingsHandlers(handling),
  }
}
