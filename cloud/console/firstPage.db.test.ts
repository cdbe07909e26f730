import { expect, it } from 'vitest'
import { type BuiltFiles, readBuiltFiles } from '../http/builtFiles.ts'
import { builtFolder } from '../http/webApps.ts'

const LIMIT_BYTES = 150_000

/** What a browser fetches before it can show anything. */
function filesOf(built: BuiltFiles): string[] {
  const { bytes } = built.get('index.html') ?? {}
  const page = new TextDecoder().decode(bytes)
  return [...page.matchAll(/(?:src|href)="\/console\/(assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, path = '']) => path,
  )
}

// The database tests have it built before them.
it('the first page of the console is small, as it was built for people and not for tests', async () => {
  const built = await readBuiltFiles(builtFolder('console'))
  if (!built) throw new Error('the console is not built')
  const paths = filesOf(built)
  expect(paths.map((path) => path.split('.').at(-1)).sort()).toEqual(['css', 'js'])
  const bytes = paths.map((path) => built.get(path)?.packed?.gzip.length ?? Number.POSITIVE_INFINITY)
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(LIMIT_BYTES)
})
