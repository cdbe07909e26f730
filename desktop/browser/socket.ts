import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { RegisterApi } from '../../shared/bridge.ts'
import type { Log } from '../register/machine/log.ts'
import { commandNameSchema, runCommand } from '../screen/command.ts'
import { isSameToken } from '../screen/isSameToken.ts'

/** The screen names this protocol and, as another one, its token: headers are not a browser's to set. */
export const PROTOCOL = 'kopilka'

const messageSchema = z.strictObject({
  type: z.literal('command'),
  id: z.int(),
  name: commandNameSchema,
  input: z.unknown(),
})

/** Only our own page, on this very address, with the token of this start. */
export function isOurPage(
  request: IncomingMessage,
  { origin, token }: { origin: string; token: string },
): boolean {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  return (
    request.headers.origin === origin &&
    offered.includes(PROTOCOL) &&
    offered.some((name) => isSameToken(name, token))
  )
}

/** One screen: commands in, replies and snapshots out. */
export function attachScreen(socket: WebSocket, register: RegisterApi, log: Log): void {
  const send = (message: unknown) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  async function run({ id, name, input }: z.infer<typeof messageSchema>): Promise<void> {
    send({ type: 'reply', id, reply: await runCommand(register, name, input) })
  }
  const unsubscribe = register.subscribe((snapshot) => send({ type: 'snapshot', snapshot }))
  socket.on('close', unsubscribe)
  socket.on('error', (error) => log.warn({ err: error }, 'a screen was lost'))
  socket.on('message', (data) => {
    const message = parse(String(data))
    if (!message) return socket.close(1008, 'not a command')
    // A screen that gets no answer waits for ever; one that was closed comes back and asks anew.
    run(message).catch((error) => {
      log.error({ err: error, command: message.name }, 'a command could not be answered')
      socket.close(1011, 'failed')
    })
  })
  send({ type: 'snapshot', snapshot: register.snapshot() })
}

function parse(text: string): z.infer<typeof messageSchema> | null {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
