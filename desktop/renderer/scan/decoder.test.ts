import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ZXING_WASM_SHA256 } from 'barcode-detector/ponyfill'
import { expect, it } from 'vitest'
import { problemOf } from './cameraProblem.ts'

it('serves the very decoder that the detector was built with', () => {
  const file = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'))
  expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(ZXING_WASM_SHA256)
})

it.each([
  ['NotAllowedError: Permission denied', 'denied'],
  ['NotFoundError: Requested device not found', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotReadableError: Could not start video source', 'busy'],
  ['AbortError: Timeout starting video source', 'busy'],
  ['something else', 'failed'],
])('a camera that answers "%s" is %s', (error, problem) => {
  expect(problemOf(`Error getting userMedia, error = ${error}`)).toBe(problem)
})
