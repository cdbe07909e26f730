import type { StoreSettings } from '../config.ts'
import type { FileStore } from './fileStore.ts'
import { openFolderStore } from './folderStore.ts'
import { openS3Store } from './s3Store.ts'

export function openFileStore(settings: StoreSettings): FileStore {
  return settings.kind === 's3' ? openS3Store(settings) : openFolderStore(settings.folder)
}
