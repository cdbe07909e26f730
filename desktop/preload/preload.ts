import { contextBridge, ipcRenderer } from 'electron'
import { registerOver } from './registerOver.ts'

contextBridge.exposeInMainWorld('kopilka', registerOver(ipcRenderer))
