// Mends postgres.js 3.4.9 after every install; none of this is released yet.
// porsager/postgres#1208, pull request #1209: when a connection breaks inside a transaction, the driver writes the rollback to a socket that is gone: the
// error comes out of a timer, where nobody can catch it, and ends the process. Bytes that were not written yet
// also stay behind and spoil the next connection. Both are settled as a closed connection here.
// What a transaction still asks between the error and the end of its connection was kept for the next one, which then waited for an
// answer to it for ever: a pool of four stood still after some thirty ended sessions. It is settled, and nothing is kept.
// porsager/postgres#1119 and #1181: when a query fails after some of its rows, the next one on that connection gets
// as many holes before its own. Rows are counted anew for each query here.
// When a connection breaks while the driver asks for the types of arrays, nobody hears that question fail, and that ends
// the process. Whoever's query began the connection hears of it already.
// And it learns one thing: a parameter that is bytes travels as bytes, in the notation that Postgres itself has for its type, and
// not as text. The columns of a batch are written so (cloud/database/columns.ts).
// A function that is written right where it becomes a property (`this.resolve = x => …`) is made old by V8, which takes it for a
// lasting method. So every query and fragment of one, with all that it was given and what came of it, stayed until the next collection
// of everything, and was copied on the way there. Here these functions are made by another one, and die young.
// Plain JavaScript: it runs before anything else is known to work.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

const mends = [
  {
    broken: `  function nextWrite(fn) {
    const x = socket.write(chunk, fn)`,
    mended: `  function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options))
      return false
    }
    const x = socket.write(chunk, fn)`,
  },
  {
    broken: `    incomings = null
    clearImmediate(nextWriteTimer)
    socket.removeListener('data', data)`,
    mended: `    incomings = null
    clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
    socket.removeListener('data', data)`,
  },
  {
    broken: `    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
`,
    mended: `    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = results = errorResponse = null
`,
  },
  {
    broken: `        initial.reserve && (initial = null)
        return fetchArrayTypes()`,
    mended: `        initial.reserve && (initial = null)
        return fetchArrayTypes().catch(() => {})`,
  },
  {
    broken: `    result = new Result()
    connectTimer.cancel()`,
    mended: `    result = new Result()
    rows = 0
    connectTimer.cancel()`,
  },
  {
    broken: `    b().B().str(portal + b.N).str(statement + b.N).i16(0).i16(parameters.length)

    parameters.forEach((x, i) => {
      if (x === null)
        return b.i32(0xFFFFFFFF)
`,
    mended: `    b().B().str(portal + b.N).str(statement + b.N).i16(parameters.length)
    parameters.forEach(x => b.i16(x instanceof Uint8Array ? 1 : 0))
    b.i16(parameters.length)

    parameters.forEach((x, i) => {
      if (x === null)
        return b.i32(0xFFFFFFFF)

      if (x instanceof Uint8Array)
        return b.i32(x.length).raw(x)
`,
  },
]

const mendsOfBytes = [
  {
    broken: `    buffer = Buffer.concat([buffer.subarray(0, b.i), x])
    b.i = buffer.length
    return b`,
    mended: `    fit(x.length)
    buffer.set(x, b.i)
    b.i += x.length
    return b`,
  },
]

const mendsOfQueries = [
  {
    broken: `    this.resolve = x => (this.active = false, resolve(x))
    this.reject = x => (this.active = false, reject(x))
`,
    mended: `    const settling = settle => x => (this.active = false, settle(x))
    this.resolve = settling(resolve)
    this.reject = settling(reject)
`,
  },
]

mend('connection.js', mends)
mend('bytes.js', mendsOfBytes)
mend('query.js', mendsOfQueries)

function mend(name, mends) {
  const file = new URL(`../node_modules/postgres/src/${name}`, import.meta.url)
  let text = readFileSync(file, 'utf8')
  for (const { broken, mended } of mends) {
    if (text.includes(mended)) continue
    if (!text.includes(broken)) {
      throw new Error(
        'postgres.js is another version than the one mended here: see whether its issues 1208, 1119 and 1181 are fixed and bytes are sent as bytes, and drop or renew this patch',
      )
    }
    text = text.replace(broken, () => mended)
  }
  // Never half a file, and never the file of another folder that shares it by a hard link.
  const fresh = new URL(`${file}.new`)
  writeFileSync(fresh, text)
  renameSync(fresh, file)
}
