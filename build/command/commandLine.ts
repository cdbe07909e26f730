/** What the command line says; where it cannot be understood, says why and what there is to say, and ends. */
export function understood<Options>(usage: string, read: () => Options): Options {
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}
