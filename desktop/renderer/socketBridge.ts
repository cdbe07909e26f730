import { backoff } from '../../shared/backoff.ts'
import type { CommandName, CommandReply, RegisterApi, Snapshot } from '../../shared/bridge.ts'
import type { LinkedRegister } from './bridge.ts'

/** As much of a WebSocket as is used here, so that a test can play the other side. */
export interface SocketLike {
  send(text: string): void
  close(): void
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: (() => void) | null
}

export interface SocketOptions {
  open: () => SocketLike
  /** Runs it later, unless the function it returns is called before. */
  after: (ms: number, run: () => void) => () => void
  /** From 0 up to 1. */
  random: () => number
}

type FromRegister =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'reply'; id: number; reply: CommandReply<CommandName> }

const WAITS = { first: 300, longest: 5000 }
/** Enrolling asks a cloud that may be slow; nothing a screen asks for takes longer. */
const REPLY_WITHIN_MS = 30_000

const lost: CommandReply<CommandName> = {
  ok: false,
  code: 'failed',
  message: 'The register did not answer.',
}

/** The register behind a socket; a lost socket is opened again, and what was asked meanwhile has failed. */
export function connectBySocket({ open, after, random }: SocketOptions): Promise<LinkedRegister> {
  const { promise, resolve } = Promise.withResolvers<LinkedRegister>()
  const listeners = new Set<(snapshot: Snapshot) => void>()
  const linkListeners = new Set<(isUp: boolean) => void>()
  const waiting = new Map<number, (reply: CommandReply<CommandName>) => void>()
  let socket: SocketLike | null = null
  let latest: Snapshot | null = null
  let isUp = false
  let failures = 0
  let lastId = 0

  function connect(): void {
    const opened = open()
    socket = opened
    opened.onmessage = ({ data }) => hear(JSON.parse(String(data)) as FromRegister)
    opened.onclose = () => {
      socket = null
      setUp(false)
      for (const answer of waiting.values()) answer(lost)
      after(waitMs(failures, random()), connect)
      failures += 1
    }
  }

  function hear(message: FromRegister): void {
    if (message.type === 'reply') {
      waiting.get(message.id)?.(message.reply)
      return
    }
    latest = message.snapshot
    failures = 0
    setUp(true)
    for (const listener of listeners) listener(message.snapshot)
    resolve(register(message.snapshot))
  }

  function setUp(next: boolean): void {
    if (next === isUp) return
    isUp = next
    for (const listener of linkListeners) listener(next)
  }

  function ask(name: CommandName, input: unknown): Promise<CommandReply<CommandName>> {
    const current = socket
    if (!current || !isUp) return Promise.resolve(lost)
    const id = ++lastId
    return new Promise((resolve) => {
      const cancel = after(REPLY_WITHIN_MS, () => answer(lost))
      function answer(reply: CommandReply<CommandName>): void {
        cancel()
        waiting.delete(id)
        resolve(reply)
      }
      waiting.set(id, answer)
      current.send(JSON.stringify({ type: 'command', id, name, input }))
    })
  }

  function register(first: Snapshot): LinkedRegister {
    const commands = Object.fromEntries(
      commandNames.map((name) => [name, (input: unknown) => ask(name, input)]),
    )
    const api = {
      ...commands,
      snapshot: () => latest ?? first,
      subscribe: (listener: (snapshot: Snapshot) => void) => watch(listeners, listener),
    } as RegisterApi
    return {
      api,
      watchLink(listener) {
        listener(isUp)
        return watch(linkListeners, listener)
      },
    }
  }

  connect()
  return promise
}

function watch<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Doubles from a blink to five seconds; the jitter keeps the screens of one shop apart. */
function waitMs(failures: number, random: number): number {
  return backoff(failures, WAITS) * (0.75 + random / 2)
}

/** Spelled out, so that the schemas and their library stay out of the screen; the type keeps it complete. */
const isCommand: Record<CommandName, true> = {
  findCustomer: true,
  typeAmount: true,
  earn: true,
  redeem: true,
  showVoucher: true,
  dropVoucher: true,
  priceVoucherItem: true,
  choosePoints: true,
  merge: true,
  keepApart: true,
  expectJoin: true,
  hideJoined: true,
  cancel: true,
  refund: true,
  findPurchases: true,
  previewReturn: true,
  returnPurchase: true,
  retryParked: true,
  handOverParked: true,
  enrol: true,
  testExchange: true,
  saveSettings: true,
  writeDiagnostics: true,
  installUpdate: true,
}
const commandNames = Object.keys(isCommand) as CommandName[]
