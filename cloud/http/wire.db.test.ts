import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiError } from '../../shared/api.ts'
import type { Outcome } from '../../shared/operation.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'

const FOLDER = join(import.meta.dirname, '../../shared/wire/requests')

interface Kept {
  method: string
  path: string
  body?: unknown
}

let cloud: TestCloud
let key = ''
beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  await cloud.addCustomer('654321', 1000)
})
afterAll(() => cloud.drop())

describe('the door of the cloud understands what a register has ever sent', () => {
  test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))('%s', async (name) => {
    const { method, path, body: json }: Kept = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))
    const { status, body } = await cloud.request(method, path, { key, ...(json !== undefined && { json }) })
    const { outcomes, error } = body as { outcomes?: Outcome[] } & Partial<ApiError>
    const codes = [error?.code, ...(outcomes ?? []).map((outcome) => 'code' in outcome && outcome.code)]
    expect(status).toBeLessThan(500)
    expect(codes).not.toContain('malformed')
    expect(codes).not.toContain('not_found')
  })
})
