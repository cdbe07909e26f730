/** What an answer of `/metrics` says, as `name{label="value"}` → number. What Prometheus could not read is an error. */
export function readExposition(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  const types = new Map<string, string>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue
    const [, family, type] = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(line) ?? []
    if (family && type) {
      if (types.has(family)) throw new Error(`${family} is there twice`)
      types.set(family, type)
      continue
    }
    const [, series, name, value] = SAMPLE.exec(line) ?? []
    if (!series || !name || value === undefined) throw new Error(`not a sample: ${line}`)
    if (!types.has(name) && !types.has(name.replace(/_(bucket|sum|count)$/, '')))
      throw new Error(`${name} has no type`)
    if (samples.has(series)) throw new Error(`${series} is there twice`)
    samples.set(series, Number(value.replace('Inf', 'Infinity')))
  }
  return samples
}

const SAMPLE = /^((\w+)(?:\{(?:\w+="(?:[^"\\\n]|\\.)*",?)+\})?) (-?[\d.e+-]+|NaN|[+-]?Inf|Nan)$/
