import { createInterface } from 'node:readline'
import type { CommandInput, CommandName } from '../../../shared/bridge.ts'
import { readOptions, registerOptions } from '../commandLine/options.ts'
import { createLog } from '../machine/log.ts'
import { startRegister } from '../start.ts'

// A register with a cashier at the other end of its pipes, so that it can be killed in the middle of a sale:
// commands come in, and what its screen would show goes out, as lines of JSON.

type Asked<K extends CommandName> = { [N in K]: { name: N; input: CommandInput<N> } }[K]
export type TillCommand = Asked<'findCustomer' | 'typeAmount' | 'earn' | 'redeem'>

const read = readOptions(registerOptions, process.argv.slice(2))
if ('problem' in read) throw new Error(read.problem)
const register = await startRegister(read.options, createLog(read.options['log-level']))
register.subscribe((snapshot) => console.log(JSON.stringify(snapshot)))
console.log(JSON.stringify(register.snapshot()))

// By signal, or by a line where the system has no signal that asks.
process.once('SIGTERM', stop)

async function stop(): Promise<void> {
  commands.close()
  process.stdin.destroy()
  await register.stop()
}

const commands = createInterface({ input: process.stdin })
for await (const line of commands) {
  if (line === 'stop') {
    await stop()
    break
  }
  const { name, input }: { name: TillCommand['name']; input: never } = JSON.parse(line)
  const reply = await register[name](input)
  if (!reply.ok) throw new Error(`${name}: ${reply.code}`)
}
