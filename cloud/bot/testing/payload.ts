import type { IncomingMessage } from 'node:http'
import { z } from 'zod'

export interface Payload {
  fields: Record<string, unknown>
  /** What was uploaded, by the name of the field it is meant for. */
  files: Record<string, Uint8Array>
}

const fieldsSchema = z.record(z.string(), z.unknown())

/** The parameters of a call, whichever way a client sends them: in the address, as JSON, as a form with files. */
export async function readPayload(request: IncomingMessage, address: URL): Promise<Payload> {
  const fields = Object.fromEntries(
    [...address.searchParams].map(([name, value]) => [name, readField(value)]),
  )
  const type = request.headers['content-type'] ?? ''
  const body = await readBody(request)
  if (body.length === 0) return { fields, files: {} }
  if (type.startsWith('application/json')) {
    return { fields: { ...fields, ...fieldsSchema.parse(JSON.parse(body.toString('utf8'))) }, files: {} }
  }
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  return await readForm(fields, form)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

/** A field says `attach://name` where its file is the part of that name. */
async function readForm(fields: Record<string, unknown>, form: FormData): Promise<Payload> {
  const uploads = new Map<string, Uint8Array>()
  const read = { ...fields }
  for (const [name, value] of form) {
    if (typeof value === 'string') read[name] = readField(value)
    else uploads.set(name, new Uint8Array(await value.arrayBuffer()))
  }
  const files: Record<string, Uint8Array> = {}
  for (const [name, bytes] of uploads) if (!isAttached(read, name)) files[name] = bytes
  for (const [name, value] of Object.entries(read)) {
    const bytes = typeof value === 'string' ? uploads.get(value.replace(/^attach:\/\//, '')) : undefined
    if (bytes) files[name] = bytes
  }
  return { fields: read, files }
}

const isAttached = (fields: Record<string, unknown>, name: string) =>
  Object.values(fields).includes(`attach://${name}`)

/** In a form or an address everything is text, objects as JSON. */
function readField(text: string): unknown {
  if (!/^[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
