import { join } from 'node:path'
import { type Clock, pause } from '../../time/clock.ts'
import type { OneCFiles } from '../oneCFiles.ts'
import type { BslObject, Surroundings, Value } from './run.ts'

/** Where 1C compiles the module: `#Если` goes by that, and so does what the platform offers. */
type Place = 'Сервер' | 'ТонкийКлиент'

export interface PlatformSetting {
  files: OneCFiles
  /** The folder that stands for the one in the module. */
  folder: string
  clock: Clock
  place: Place
  /** What differs from version to version: whether ПереместитьФайл replaces a file that is there. */
  replaces: boolean
  /** Whether УдалитьФайлы minds that there is nothing to remove. */
  mindsMissing: boolean
  onLog: (line: { isError: boolean; text: string }) => void
}

const MODULE_FOLDER = 'C:\\loyalty\\'
/** 1C counts from the first day of the first year. */
const EPOCH_MS = 62_135_596_800_000
/** What one look at the clock takes, so that a wait of twenty costs a machine as little as it may. */
const LOOK_MS = 5
const AMOUNT_FORM = 'ЧДЦ=2; ЧРД=.; ЧГ=0; ЧН=0.00'

/** 1C's platform as its documentation describes it: of it what our module calls, and nothing else. */
export function platform(setting: PlatformSetting): Surroundings {
  const { files, clock, place, replaces, mindsMissing, onLog } = setting

  function at(path: Value): string {
    const text = textIn(path)
    if (!text.startsWith(MODULE_FOLDER)) throw new Error(`${text} is outside of the exchange folder`)
    return join(setting.folder, text.slice(MODULE_FOLDER.length))
  }

  const common: Surroundings['functions'] = {
    формат(value, form) {
      if (form !== AMOUNT_FORM) throw new Error(`the form ${textOf(form)} is not known here`)
      return numberIn(value).toFixed(2)
    },
    сокрлп: (value) => textOf(value).trim(),
    пустаястрока: (value) => textIn(value).trim() === '',
    число(value) {
      const text = textIn(value).trim().replace(',', '.')
      if (!/^-?\d+(\.\d+)?$/.test(text))
        throw new Error('Преобразование значения к типу Число не может быть выполнено')
      return Number(text)
    },
    текущаяуниверсальнаядатавмиллисекундах: async () => {
      await pause(clock, LOOK_MS)
      return clock.now() + EPOCH_MS
    },
    записатьjson(writing, value) {
      const { write } = writingOf(writing)
      write(JSON.stringify(jsonOf(value), null, 1).replaceAll('\n', '\r\n'))
      return undefined
    },
    прочитатьjson(reading) {
      const parsed: unknown = JSON.parse(readingOf(reading).text())
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
        throw new Error('не структура')
      return structure(Object.entries(parsed).map(([name, value]) => [name, value ?? undefined]))
    },
    получитьдвоичныеданныеизстроки: (text, encoding, mark) => {
      if (encoding !== UTF8 || mark !== false) throw new Error('the module writes UTF-8 without a mark')
      return object('ДвоичныеДанные', {
        записать: async (path) => void (await files.write(at(path), textIn(text))),
      })
    },
    async переместитьфайл(from, to) {
      if (!replaces && (await files.exists(at(to)))) throw new Error('Файл уже существует')
      await files.move(at(from), at(to))
      return undefined
    },
    async удалитьфайлы(path) {
      if (!mindsMissing && !(await files.exists(at(path)))) return undefined
      await files.remove(at(path))
      return undefined
    },
    подробноепредставлениеошибки: (info) => objectIn(info).get?.('Описание'),
  }

  const types: Surroundings['types'] = {
    структура: (names, ...values) =>
      structure(
        names === undefined
          ? []
          : textIn(names)
              .split(',')
              .map((name, index) => [name.trim(), values[index]]),
      ),
    записьjson: () => jsonWriting(),
    чтениеjson: () => jsonReading(),
    файл: (path) => object('Файл', { существует: () => files.exists(at(path)) }),
    async чтениетекста(path, encoding) {
      if (encoding !== UTF8) throw new Error('the module reads UTF-8')
      const text = await files.read(at(path))
      // At the end of a file there is nothing to read any more, not even an empty text.
      return object('ЧтениеТекста', {
        прочитать: () => (text === '' ? undefined : text),
        закрыть: () => undefined,
      })
    },
  }

  const ofServer: Surroundings['functions'] = {
    записьжурналарегистрации: (_event, level, _of, _data, text) =>
      void onLog({ isError: level === LEVELS.ошибка, text: textIn(text) }),
  }
  const ofClient: Surroundings['values'] = {
    журналрегистрацииклиент: object('ЖурналРегистрацииКлиент', {
      добавитьсообщениедляжурналарегистрации: (_event, level, text) =>
        void onLog({ isError: level === 'Ошибка', text: textIn(text) }),
    }),
  }
  return {
    functions: place === 'Сервер' ? { ...common, ...ofServer } : common,
    types,
    values: {
      кодировкатекста: enumeration('КодировкаТекста', { utf8: UTF8 }),
      ...(place === 'Сервер'
        ? { уровеньжурналарегистрации: enumeration('УровеньЖурналаРегистрации', LEVELS) }
        : ofClient),
    },
    textOf,
  }
}

const UTF8 = object('КодировкаТекста.UTF8')
const LEVELS = {
  ошибка: object('УровеньЖурналаРегистрации.Ошибка'),
  информация: object('УровеньЖурналаРегистрации.Информация'),
}

/** As 1C writes a value into a text on a Russian Windows: thousands apart, a comma before the decimals. */
function textOf(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'number')
    return new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 15 }).format(value)
  if (typeof value === 'boolean') return value ? 'Да' : 'Нет'
  return typeof value === 'string' ? value : value.typeName
}

function object(typeName: string, methods: BslObject['methods'] = {}): BslObject {
  return { typeName, methods }
}

function enumeration(typeName: string, values: Record<string, Value>): BslObject {
  return {
    typeName,
    methods: {},
    get(name) {
      const key = name.toLowerCase()
      if (!(key in values)) throw new Error(`у ${typeName} нет ${name}`)
      return values[key]
    },
  }
}

const structures = new WeakMap<BslObject, Map<string, [string, Value]>>()

function structure(fields: [string, Value][]): BslObject {
  const known = new Map(fields.map(([name, value]) => [name.toLowerCase(), [name, value] as [string, Value]]))
  const made: BslObject = {
    typeName: 'Структура',
    get(name) {
      const found = known.get(name.toLowerCase())
      if (!found) throw new Error(`Поле объекта не обнаружено (${name})`)
      return found[1]
    },
    methods: {
      вставить: (name, value) => void known.set(textIn(name).toLowerCase(), [textIn(name), value]),
    },
  }
  structures.set(made, known)
  return made
}

const arrays = new WeakMap<BslObject, Value[]>()

function array(values: Value[]): BslObject {
  const made = object('Массив')
  arrays.set(made, values)
  return made
}

/** What a caller hands over: its objects are structures, its lists arrays. */
export function bslOf(json: unknown): Value {
  if (Array.isArray(json)) return array(json.map(bslOf))
  if (typeof json !== 'object' || json === null) return json as Exclude<Value, BslObject>
  return structure(Object.entries(json).map(([name, value]) => [name, bslOf(value)]))
}

function jsonOf(value: Value): unknown {
  if (typeof value !== 'object') return value
  const values = arrays.get(value)
  if (values) return values.map(jsonOf)
  return Object.fromEntries(fieldsOf(value).map(([name, one]) => [name, jsonOf(one)]))
}

/** The fields of a structure, as they were named. */
export function fieldsOf(value: Value): [string, Value][] {
  const fields = typeof value === 'object' ? structures.get(value) : undefined
  if (!fields) throw new Error('значение не структура')
  return [...fields.values()]
}

const writings = new WeakMap<BslObject, { write: (text: string) => void }>()
const readings = new WeakMap<BslObject, { text: () => string }>()

function jsonWriting(): BslObject {
  let written = ''
  const made = object('ЗаписьJSON', { установитьстроку: () => undefined, закрыть: () => written })
  writings.set(made, {
    write(text) {
      written = text
    },
  })
  return made
}

function jsonReading(): BslObject {
  let text = ''
  const made = object('ЧтениеJSON', {
    установитьстроку(value) {
      text = textIn(value)
      return undefined
    },
  })
  readings.set(made, { text: () => text })
  return made
}

const writingOf = (value: Value) => known(writings, value)
const readingOf = (value: Value) => known(readings, value)

function known<T>(all: WeakMap<BslObject, T>, value: Value): T {
  const found = typeof value === 'object' ? all.get(value) : undefined
  if (!found) throw new Error('Несоответствие типов')
  return found
}

function textIn(value: Value): string {
  if (typeof value !== 'string') throw new Error('Несоответствие типов: ожидается Строка')
  return value
}

function numberIn(value: Value): number {
  if (typeof value !== 'number') throw new Error('Несоответствие типов: ожидается Число')
  return value
}

function objectIn(value: Value): BslObject {
  if (typeof value !== 'object') throw new Error('Несоответствие типов: ожидается объект')
  return value
}
