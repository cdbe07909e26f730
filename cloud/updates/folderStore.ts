import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../syncFolder.ts'
import { type Content, type FileStore, StoreAway } from './fileStore.ts'

const UNFINISHED = /\.part-[\w-]+$/

/** Files in one folder. Names are ours and have no path in them. */
export function openFolderStore(folder: string): FileStore {
  const list = async (prefix: string) => {
    const names = await readdir(folder).catch((error) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return names.filter((name) => name.startsWith(prefix))
  }

  async function put(name: string, content: Content): Promise<void> {
    await mkdir(folder, { recursive: true })
    const path = join(folder, name)
    const unfinished = `${path}.part-${randomUUID()}`
    try {
      await writeDurably(unfinished, content)
      await rename(unfinished, path)
      await syncFolder(folder)
    } finally {
      await rm(unfinished, { force: true })
    }
    // A process that was killed half-way left its part behind; the file is whole now.
    for (const left of await list(`${name}.part-`)) await rm(join(folder, left), { force: true })
  }

  return {
    put,
    async *read(name, { start, end }) {
      if (end <= start) return
      try {
        yield* createReadStream(join(folder, name), { start, end: end - 1 })
      } catch (error) {
        throw new StoreAway(`${name} cannot be read in ${folder}`, { cause: error })
      }
    },
    async stat(name) {
      const found = await stat(join(folder, name)).catch((error) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      return found && { sizeBytes: found.size }
    },
    list: async (prefix) => (await list(prefix)).filter((name) => !UNFINISHED.test(name)),
  }
}

async function writeDurably(path: string, { bytes }: Content): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(bytes())
    await file.sync()
  } finally {
    await file.close()
  }
}
