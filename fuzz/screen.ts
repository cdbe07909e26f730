import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { Random } from '../desktop/register/rig/random.ts'
import { jsonOf, mutateJson, writeJson } from './json.ts'
import { errorsIn, problemOf } from './judge.ts'
import { type Program, startProgram } from './program.ts'
import { mutateRequest, request, written } from './request.ts'
import { send } from './send.ts'
import { shown, type Target } from './target.ts'
import { mutateBytes } from './text.ts'

/** What came of an input. */
interface Sent {
  problem: string | null
  /** The connection ended without a word: perhaps the process did. */
  isCutOff: boolean
}

const LARGEST = { largestBytes: 64 * 1024 }
const REPLY_WITHIN_MS = 15_000

interface Place {
  cloud: URL
  key: string
  folder: string
  closers: AsyncDisposableStack
}

/** A kiosk in the browser: its page over HTTP, and the commands of its screen. */
export async function openScreen({ cloud, key, folder, closers }: Place): Promise<Target> {
  const start = async () =>
    startProgram({
      script: 'fuzz/screenProcess.ts',
      args: [cloud.href, key, await mkdtemp(join(folder, 'kiosk-'))],
      address: /^KIOSK (\S+)$/,
    })
  let program = await start()
  closers.defer(() => program.stop())

  return {
    name: 'screen',
    weight: 2,
    async attempt(random, rounds) {
      const isPage = random.fork('kind').chance(0.5)
      const { at, bytes, sent } = isPage ? await page(random, rounds) : await command(random, rounds)
      if (!sent.isCutOff || !(await program.isEnding()))
        return { at, problem: sent.problem, input: shown(bytes) }
      const problem = `the process ended: ${errorsIn(program.takeSaid())}`
      program = await start()
      return { at, problem, input: shown(bytes) }
    },
  }

  async function page(random: Random, rounds: number) {
    let asked = random
      .fork('make')
      .pick([
        request('GET', '/'),
        request('GET', '/main.js'),
        request('GET', '/register', { headers: handshake(program) }),
      ])
    for (let round = 1; round <= rounds; round += 1)
      asked = mutateRequest(asked, random.fork(`round ${round}`))
    const input = written(asked, program.url.host)
    const answer = await send(program.port, input)
    const sent: Sent = { problem: problemOf(answer, LARGEST), isCutOff: answer.status === null }
    return { at: 'page', bytes: input.bytes, sent }
  }

  async function command(random: Random, rounds: number) {
    let message = jsonOf({ type: 'command', id: random.int(1, 1000), ...random.fork('make').pick(COMMANDS) })
    for (let round = 1; round <= rounds; round += 1)
      message = mutateJson(message, random.fork(`round ${round}`))
    const text = Buffer.from(writeJson(message))
    const noise = random.fork('noise')
    const bytes = noise.chance(0.1) ? mutateBytes(text, noise) : text
    return { at: 'command', bytes, sent: await say(program, bytes, noise.chance(0.1)) }
  }
}

const handshake = ({ url }: Program): [string, string][] => [
  ['connection', 'Upgrade'],
  ['upgrade', 'websocket'],
  ['sec-websocket-version', '13'],
  ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['sec-websocket-protocol', `kopilka, ${url.searchParams.get('token')}`],
  ['origin', url.origin],
]

const purchase = { purchaseKopecks: 100_000 }
const operationId = '0198c5a8-7b1e-7c3a-9f00-000000000001'

/** Not those that name a folder or a cloud: what the fuzzer makes of them would be written to, or asked. */
const COMMANDS = [
  { name: 'findCustomer', input: { code: '654321' } },
  { name: 'typeAmount', input: purchase },
  { name: 'earn', input: purchase },
  { name: 'earn', input: { ...purchase, confirmDuplicate: true } },
  { name: 'redeem', input: { ...purchase, points: 10 } },
  { name: 'merge', input: { card: '654321', otherCard: '765432' } },
  { name: 'showVoucher', input: { code: 'TR7KX2WQ9P' } },
  { name: 'dropVoucher', input: {} },
  { name: 'priceVoucherItem', input: { purchaseKopecks: 100_000, itemKopecks: 18_000 } },
  { name: 'keepApart', input: { card: '654321', otherCard: '765432' } },
  { name: 'expectJoin', input: {} },
  { name: 'hideJoined', input: { card: '654321' } },
  { name: 'cancel', input: {} },
  { name: 'refund', input: { operationId, refundKopecks: 100 } },
  { name: 'findPurchases', input: { receipt: '00042', card: '654321', daysAgo: 1 } },
  { name: 'previewReturn', input: { operationId, refundKopecks: 100 } },
  { name: 'returnPurchase', input: { operationId, refundKopecks: 100, pin: '2580' } },
  { name: 'retryParked', input: { operationId } },
  { name: 'handOverParked', input: { operationId } },
  { name: 'saveSettings', input: { preferences: { language: 'en', brand: 'Копилка', colour: '#0b6b4a' } } },
  { name: 'installUpdate', input: {} },
]

/** Resolves once the message was answered, or the socket closed for it; the first message is the snapshot. */
function say({ url }: Program, message: Buffer, isBinary: boolean): Promise<Sent> {
  return new Promise((resolve) => {
    const token = url.searchParams.get('token') ?? ''
    const socket = new WebSocket(`ws://${url.host}/register`, ['kopilka', token], { origin: url.origin })
    const end = (sent: Sent) => {
      clearTimeout(timer)
      socket.terminate()
      resolve(sent)
    }
    const fine = { problem: null, isCutOff: false }
    const timer = setTimeout(end, REPLY_WITHIN_MS, { ...fine, problem: 'no reply in 15 s' })
    socket.on('open', () => socket.send(message, { binary: isBinary }))
    socket.on('message', (data) => {
      if (String(data).startsWith('{"type":"reply"')) end(fine)
    })
    // 1006 is said by nobody: the connection broke.
    socket.on('close', (code) => end({ ...fine, isCutOff: code === 1006 }))
    socket.on('error', () => {})
  })
}
