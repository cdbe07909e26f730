import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { plainPath, traceModules } from './trace.ts'

describe('what a bundle loads of other packages', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-trace-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  function lay(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }
  const trace = () =>
    traceModules(join(root, 'main.cjs'), join(root, 'package.json')).map((file) =>
      relative(root, file).replaceAll('\\', '/'),
    )

  it('is followed file by file, with manifests and licences', () => {
    lay({
      'main.cjs': `const fs = require('fs'); let e = require("electron"); function late() { return require('one') }`,
      'node_modules/one/package.json': '{ "main": "lib/index.js" }',
      'node_modules/one/LICENSE': 'MIT',
      'node_modules/one/lib/index.js': `require('./part'); require('two/data.json'); import('three')`,
      'node_modules/one/lib/part.js': `require('node:path')`,
      'node_modules/one/lib/unused.js': '',
      'node_modules/one/test/index.js': '',
      'node_modules/two/package.json': '{}',
      'node_modules/two/data.json': '{ "require": "four" }',
      'node_modules/one/node_modules/three/package.json': '{ "main": "three.js" }',
      'node_modules/one/node_modules/three/three.js': '',
    })
    expect(trace()).toEqual([
      'node_modules/one/LICENSE',
      'node_modules/one/lib/index.js',
      'node_modules/one/lib/part.js',
      'node_modules/one/node_modules/three/package.json',
      'node_modules/one/node_modules/three/three.js',
      'node_modules/one/package.json',
      'node_modules/two/data.json',
      'node_modules/two/package.json',
    ])
  })

  it('is nothing that is only written about', () => {
    lay({ 'main.cjs': `// require('one')\nconst text = "require('two')"; other('three')` })
    expect(trace()).toEqual([])
  })

  it('has plain paths, though Node names a manifest in the long form on Windows', () => {
    lay({
      'main.cjs': `require('one')`,
      'node_modules/one/package.json': '{}',
      'node_modules/one/index.js': '',
    })
    const findManifest = (name: string, from: string) =>
      `\\\\?\\${plainPath(findPackageJSON(name, from) ?? '')}`
    const manifest = join(root, 'node_modules/one/package.json')
    expect(traceModules(join(root, 'main.cjs'), join(root, 'package.json'), findManifest)).toContain(manifest)
    expect(plainPath('\\\\?\\C:\\kopilka\\package.json')).toBe('C:\\kopilka\\package.json')
    expect(plainPath('\\\\?\\UNC\\server\\share\\package.json')).toBe('\\\\server\\share\\package.json')
  })

  it('must be there', () => {
    lay({ 'main.cjs': `require('gone')` })
    expect(trace).toThrow(`Cannot find module 'gone'`)
  })
})
