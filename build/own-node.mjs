// Sees after every install that `node` here is the Node that the lock file names.
// npm 10 and older take its link away again: the packages for other machines, which they leave out, bring a
// program of the same name. Where the registry has no package for a machine, the Node it has must do.
// Plain JavaScript: the Node that installs may be an old one.
import { existsSync, linkSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST_MAJOR = 24
const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules/.bin')
const isWindows = process.platform === 'win32'
const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`

if (existsSync(join(root, 'node_modules', name))) linkWhereMissing()
else if (Number(process.versions.node.split('.')[0]) < OLDEST_MAJOR) throw new Error(missing())

function linkWhereMissing() {
  if (['node', 'node.cmd', 'node.exe'].some((link) => existsSync(join(bin, link)))) return
  if (isWindows) linkSync(join(root, 'node_modules', name, 'bin/node.exe'), join(bin, 'node.exe'))
  else symlinkSync(join('..', name, 'bin/node'), join(bin, 'node'))
}

function missing() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const next =
    name in optionalDependencies
      ? 'its package was not fetched: npm ci --loglevel verbose tells why'
      : `the registry has none for this machine: install Node ${OLDEST_MAJOR} on it`
  return `Kopilka needs Node ${OLDEST_MAJOR}, and this is ${process.version}; ${next}`
}
