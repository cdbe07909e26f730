import { hostname } from 'node:os'
import { join } from 'node:path'
import { isSafeAddress } from '../../../shared/cloudAddress.ts'
import { toIso } from '../../../shared/time.ts'
import { codeOf, type Files, PRIVATE } from '../machine/files.ts'
import { movingTo } from '../redemption/movingTo.ts'
import { hashPin } from '../settings/pinLock.ts'
import { createCloudClient } from '../sync/client.ts'
import { done, type Handlers, type Handling, refuse } from './handling.ts'

type SettingsHandlers = Pick<
  Handlers,
  'enrol' | 'testExchange' | 'saveSettings' | 'writeDiagnostics' | 'installUpdate'
>

/** The commands of the IT person: enrolment, settings, diagnostics and updates, behind the PIN. */
export function settingsHandlers(handling: Handling): SettingsHandlers {
  const { settings, connector, clock, files, keys, dataFolder, updates, refuseUnlessOpened } = handling
  return {
    async enrol({ cloudUrl, code, exchangeFolder, name = hostname(), pin }) {
      const refused = refuseUnlessOpened(pin)
      if (refused) return refused
      const before = settings.current()
      if (!before.allowsHttp && !isSafeAddress(cloudUrl)) return refuse('not_https', cloudUrl)
      // A pairing code is good for once: it is not spent where its key could not be kept.
      await settings.change({})
      // Asked now, because the journal may be closed when the cloud answers.
      const moved = await movingTo(exchangeFolder, handling)
      const client = createCloudClient({ ...handling, url: cloudUrl, key: null })
      const reply = await client.enrol({ code, name })
      if (!reply.ok) {
        if (['offline', 'unavailable', 'internal'].includes(reply.failure))
          return refuse('cloud_away', reply.message)
        return refuse(reply.failure === 'broken' ? 'not_a_cloud' : 'wrong_code', reply.message)
      }
      const { key, register, store } = reply.value
      await settings.change({ cloudUrl, known: null, ...moved })
      try {
        await keys.save(key)
      } catch (error) {
        // The settings go back to the cloud before, whose key is still kept.
        await settings.hold(before).catch(() => {})
        throw error
      }
      await connector.connect()
      await handling.meet1c()
      return { ok: true, value: { register: register.name, store: store.name } }
    },

    async testExchange({ folder }) {
      const problem = await testFolder(files, folder)
      return problem === null ? done : refuse('folder_not_usable', problem)
    },

    async saveSettings({ pin, newPin, exchangeFolder, preferences, display }) {
      const refused = refuseUnlessOpened(pin)
      if (refused) return refused
      if (newPin !== undefined) await settings.change({ pin: hashPin(newPin) })
      if (exchangeFolder !== undefined && exchangeFolder !== settings.current().exchangeFolder) {
        const problem = await testFolder(files, exchangeFolder)
        if (problem !== null) return refuse('folder_not_usable', problem)
        await settings.change(await movingTo(exchangeFolder, handling))
        await handling.meet1c()
      }
      if (preferences) await settings.change({ preferences })
      if (display !== undefined) await settings.change({ display })
      handling.journalChanged()
      return done
    },

    async writeDiagnostics({ pin }) {
      const refused = refuseUnlessOpened(pin)
      if (refused) return refused
      const path = join(dataFolder, `diagnostics-${toIso(clock.now()).replaceAll(/[:.]/g, '-')}.json`)
      const text = JSON.stringify(handling.diagnostics(), null, 2)
      await files.writeDurably(path, new TextEncoder().encode(text), PRIVATE)
      return { ok: true, value: { path } }
    },

    installUpdate({ pin }) {
      const refused = refuseUnlessOpened(pin)
      if (refused) return refused
      if (!updates) return refuse('no_updates')
      const refusal = updates.askNow()
      return refusal ? refuse(refusal) : done
    },
  }
}

/** Tries in the folder all that the register will do there; null when all of it works. */
async function testFolder(files: Files, folder: string): Promise<string | null> {
  const temporary = join(folder, 'kopilka-test.tmp')
  const renamed = join(folder, 'kopilka-test.txt')
  try {
    await files.writeDurably(temporary, new TextEncoder().encode('1'))
    await files.rename(temporary, renamed)
    const bytes = await files.read(renamed, 10)
    await files.remove(renamed)
    return new TextDecoder().decode(bytes) === '1' ? null : 'What was written there is not what is read.'
  } catch (error) {
    await files.remove(temporary).catch(() => {})
    return codeOf(error) ?? String(error)
  }
}
