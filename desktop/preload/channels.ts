/** Asked with a command's name and input; answers with its reply. */
export const COMMAND_CHANNEL = 'kopilka:command'
/** Asked for the snapshot of now, and pushed with every later one. */
export const SNAPSHOT_CHANNEL = 'kopilka:snapshot'
