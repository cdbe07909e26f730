/** The options of the command line. Where they cannot be understood, prints why and the usage, and ends. */
export function understood<Options>(usage: string, read: () => Options): Options {
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}
