import { describe, expect, it } from 'vitest'
import { parse } from './parse.ts'
import { link, type Surroundings, type Value } from './run.ts'

const surroundings: Surroundings = {
  functions: {
    удвоить: (value) => Number(value) * 2,
    сломать: () => {
      throw new Error('сломано')
    },
    подробно: (info) => (typeof info === 'object' ? info.get?.('Описание') : undefined),
    серверная: () => 'сервер',
  },
  types: {},
  values: {},
  textOf: String,
}

/** The answer of `Проба`, with these statements in it. */
async function answerOf(body: string, { place = 'Сервер', others = '' } = {}): Promise<Value> {
  const module = parse(`Функция Проба(А = 1, Б = 2) Экспорт\n${body}\nКонецФункции\n${others}`)
  return await link(module, surroundings, place).call('проба')
}

describe('1C’s language', () => {
  it.each<[string, Value]>([
    ['1 + 2 * 3 - 4 / 2', 5],
    ['(1 + 2) * 3', 9],
    ['-2 + 3', 1],
    ['"а""б" + 1', 'а"б1'],
    ['1 < 2 И 2 <= 2 И 3 > 2 И 3 >= 3 И 1 <> 2', true],
    ['Истина Или Ложь И Ложь', true],
    ['Не Истина Или Истина', true],
    ['Не (Истина Или Истина)', false],
    ['Не 1 = 2', true],
    ['1 = "1"', false],
    ['?(1 = 1, "да", "нет")', 'да'],
    ['УДВОИТЬ(а + Б)', 6],
    ['Неопределено', undefined],
    // What is not asked for is not looked at.
    ['Ложь И Сломать()', false],
    ['Истина Или Сломать()', true],
  ])('reckons %s', async (expression, value) => {
    expect(await answerOf(`Возврат ${expression};`)).toBe(value)
  })

  it.each<[string, string, Value]>([
    [
      'the first branch that is true',
      'Если А = 2 Тогда Возврат 1; ИначеЕсли Б = 2 Тогда Возврат 2; Иначе Возврат 3; КонецЕсли;',
      2,
    ],
    ['the other branch', 'Если А = 2 Тогда Возврат 1; Иначе Возврат 3; КонецЕсли;', 3],
    ['a loop up to its end', 'С = 0; Для Н = 1 По 4 Цикл С = С + Н; КонецЦикла; Возврат С;', 10],
    [
      'a loop that is left',
      'Для Н = 1 По 4 Цикл Если Н = 3 Тогда Прервать; КонецЕсли; КонецЦикла; Возврат Н;',
      3,
    ],
    [
      'a loop that is gone on with',
      'С = 0; Для Н = 1 По 4 Цикл Если Н < 3 Тогда Продолжить; КонецЕсли; С = С + Н; КонецЦикла; Возврат С;',
      7,
    ],
    ['a loop on a condition', 'Пока А < 100 Цикл А = А * 3; КонецЦикла; Возврат А;', 243],
    ['out of a loop', 'Пока Истина Цикл Попытка Возврат 5; Исключение КонецПопытки; КонецЦикла;', 5],
    [
      'what was caught',
      'Попытка Сломать(); Исключение Возврат Подробно(ИнформацияОбОшибке()); КонецПопытки;',
      'сломано (строка 2)',
    ],
    [
      'what was raised again',
      'Попытка Попытка Сломать(); Исключение ВызватьИсключение; КонецПопытки; Исключение Возврат Подробно(ИнформацияОбОшибке()); КонецПопытки;',
      'сломано (строка 2)',
    ],
    [
      'what was raised in words',
      'Попытка ВызватьИсключение "беда"; Исключение Возврат Подробно(ИнформацияОбОшибке()); КонецПопытки;',
      'беда (строка 2)',
    ],
    ['after a try that went well', 'Попытка А = 7; Исключение А = 8; КонецПопытки; Возврат А;', 7],
    ['with comments', 'А = 3; // Возврат 4;\n// "\nВозврат А;', 3],
  ])('runs %s', async (_what, body, value) => {
    expect(await answerOf(body)).toBe(value)
  })

  it('calls its own methods, with what is left out as said there', async () => {
    const others = 'Функция Своя(Икс, Игрек = 5)\nВозврат Икс * 10 + Игрек;\nКонецФункции'
    expect(await answerOf('Возврат Своя(1) + Своя(2, 3);', { others })).toBe(38)
  })

  it('is compiled for a place', async () => {
    const body =
      'А = "";\n#Если Сервер Или ВнешнееСоединение Тогда\nА = Серверная();\n#Иначе\nА = "клиент";\n#КонецЕсли\nВозврат А;'
    expect(await answerOf(body)).toBe('сервер')
    expect(await answerOf(body, { place: 'ТонкийКлиент' })).toBe('клиент')
  })

  it.each([
    ['an unknown function', 'Возврат Утроить(1);', 'Утроить не определена (строка 2)'],
    ['an unknown variable', 'Возврат\nЦ;', 'переменная Ц не определена (строка 3)'],
    ['an unknown type', 'Возврат Новый Массив;', 'тип Массив не определён'],
    [
      'a function in a branch that never runs',
      'Если Ложь Тогда Утроить(1); КонецЕсли; Возврат 1;',
      'Утроить не определена',
    ],
    ['a procedure as a function', 'Возврат Дело();', 'использована как функция'],
    [
      'a variable that has no value yet',
      'Если Ложь Тогда Ц = 1; КонецЕсли; Возврат Ц;',
      'ещё не получила значения',
    ],
    ['a condition that is none', 'Если 1 Тогда КонецЕсли;', 'не булево'],
    ['arithmetic with text', 'Возврат 1 + "2";', 'значение не число'],
    ['too much given', 'Дело(1);', 'слишком много параметров'],
    ['a field of nothing', 'Возврат Неопределено.id;', 'значение не объект'],
    ['a missing semicolon', 'А = 1\nБ = 2;', 'ожидается ;'],
    ['an end that is missing', 'Если А = 1 Тогда Возврат 1;', 'ожидается'],
    ['a word we do not know', 'Для Каждого А Из Б Цикл КонецЦикла;', 'ожидается имя'],
    ['a sign we do not know', 'Возврат А % 2;', 'неизвестный символ'],
    ['a comparison as a statement', 'А < 1;', 'ожидается'],
  ])('does not bear %s', async (_what, body, message) => {
    const others = 'Процедура Дело()\nКонецПроцедуры'
    await expect(answerOf(body, { others })).rejects.toThrow(message)
  })

  it('does not bear two methods of one name, and calls only what is exported', async () => {
    expect(() => parse('Процедура А()\nКонецПроцедуры\nФункция а()\nКонецФункции')).toThrow(
      'определена дважды',
    )
    const module = parse('Процедура А()\nКонецПроцедуры')
    await expect(link(module, surroundings, 'Сервер').call('А')).rejects.toThrow('не экспортируется')
  })
})
