import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import type { RegisterApi } from '../../shared/bridge.ts'
import { COMMAND_CHANNEL, SNAPSHOT_CHANNEL } from '../preload/channels.ts'
import type { Log } from '../register/machine/log.ts'
import { commandNameSchema, runCommand } from '../screen/command.ts'
import { ORIGIN } from './address.ts'

/**
 * Offers the register to the screen in this window, and to no other page that finds the channel. `onScreen` is called
 * when its program runs, and again when it was loaded again.
 */
export function offerRegister(
  register: RegisterApi,
  contents: WebContents,
  { log, onScreen = () => {} }: { log: Log; onScreen?: () => void },
): void {
  function isOurScreen({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
    const isOurs = sender === contents && senderFrame?.parent === null && senderFrame.origin === ORIGIN
    if (!isOurs)
      log.error({ from: senderFrame?.url }, 'a page that is not the screen tried to reach the register')
    return isOurs
  }

  ipcMain.handle(COMMAND_CHANNEL, async (event, name: unknown, input: unknown) => {
    if (!isOurScreen(event)) throw new Error('Only the screen may ask the register.')
    return await runCommand(register, commandNameSchema.parse(name), input)
  })
  ipcMain.on(SNAPSHOT_CHANNEL, (event) => {
    // A page that asks synchronously stands still until it has an answer, so a stranger gets an empty one.
    const isOurs = isOurScreen(event)
    event.returnValue = isOurs ? register.snapshot() : null
    if (isOurs) onScreen()
  })
  register.subscribe((snapshot) => {
    if (!contents.isDestroyed()) contents.send(SNAPSHOT_CHANNEL, snapshot)
  })
}
