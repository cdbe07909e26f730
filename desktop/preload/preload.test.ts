import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commandSchemas } from '../../shared/bridge.ts'
import * as electron from '../main/testing/electron.ts'

describe('the built preload', () => {
  let chunks: Rolldown.OutputChunk[]
  beforeAll(async () => {
    const built = await build({
      root: import.meta.dirname,
      configFile: join(import.meta.dirname, 'vite.config.ts'),
      logLevel: 'error',
      build: { write: false },
    })
    const { output } = built as Rolldown.RolldownOutput
    chunks = output.filter((part) => part.type === 'chunk')
  })
  beforeEach(electron.resetElectron)

  it('is one file that loads nothing but electron', () => {
    expect(chunks.map(({ fileName }) => fileName)).toEqual(['preload.cjs'])
    expect(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])).toEqual([
      'electron',
    ])
    expect(chunks[0]?.code.match(/require\([^)]*\)/g)).toEqual(['require("electron")'])
  })

  it('gives the page the register and nothing else', () => {
    const run = new Function('require', chunks[0]?.code ?? '') as (require: (name: string) => unknown) => void
    run(() => electron)
    expect(Object.keys(electron.state.exposed)).toEqual(['kopilka'])
    const given = Object.keys(electron.state.exposed.kopilka as object).sort()
    expect(given).toEqual([...Object.keys(commandSchemas), 'snapshot', 'subscribe'].sort())
  })
})
