import type { IpcRenderer } from 'electron'
import type { CommandInput, CommandName, CommandReply, RegisterApi, Snapshot } from '../../shared/bridge.ts'
import { COMMAND_CHANNEL, SNAPSHOT_CHANNEL } from './channels.ts'

/** The register of the main process; only values cross, so a page can reach nothing else through it. */
export function registerOver(ipc: Pick<IpcRenderer, 'invoke' | 'sendSync' | 'on'>): RegisterApi {
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let latest: Snapshot | null = null
  ipc.on(SNAPSHOT_CHANNEL, (_event, snapshot: Snapshot) => {
    latest = snapshot
    for (const listener of listeners) listener(snapshot)
  })

  function command<K extends CommandName>(name: K) {
    return (input: CommandInput<K>): Promise<CommandReply<K>> => ipc.invoke(COMMAND_CHANNEL, name, input)
  }

  function snapshot(): Snapshot {
    const known: Snapshot = latest ?? ipc.sendSync(SNAPSHOT_CHANNEL)
    latest = known
    return known
  }

  // Spelled out, so that the schemas and their library stay out of the preload; the type keeps it complete.
  return {
    findCustomer: command('findCustomer'),
    typeAmount: command('typeAmount'),
    earn: command('earn'),
    redeem: command('redeem'),
    showVoucher: command('showVoucher'),
    dropVoucher: command('dropVoucher'),
    priceVoucherItem: command('priceVoucherItem'),
    choosePoints: command('choosePoints'),
    merge: command('merge'),
    keepApart: command('keepApart'),
    expectJoin: command('expectJoin'),
    hideJoined: command('hideJoined'),
    cancel: command('cancel'),
    refund: command('refund'),
    findPurchases: command('findPurchases'),
    previewReturn: command('previewReturn'),
    returnPurchase: command('returnPurchase'),
    retryParked: command('retryParked'),
    handOverParked: command('handOverParked'),
    enrol: command('enrol'),
    testExchange: command('testExchange'),
    saveSettings: command('saveSettings'),
    writeDiagnostics: command('writeDiagnostics'),
    installUpdate: command('installUpdate'),
    snapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } satisfies RegisterApi
}
