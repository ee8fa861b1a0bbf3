/** The function that writes one label. */
import { FIELD } from '../schema.js'
import { I32, type Signature, type WasmFunction } from './assembler.js'
import {
  add,
  and,
  call,
  constant,
  either,
  equal,
  get,
  greater,
  isZero,
  leave,
  load8,
  set,
  store8,
  subtract,
  when,
} from './instructions.js'
import { putScalar, readSize } from './json-text.js'
import { TEXT_AT } from './number-series-layout.js'
import { putVarint, step, tag } from './writing.js'

/** Of the host: writes the text of a value that is rare, and leaves where it ends, or 0. */
export const HOST_TEXT: Signature = { name: 'hostText', params: 3, results: 1 }

/**
 * `label(pos, end, name, size, at)`: of an AnyValue, with the fields that are its name and the tag
 * of its value. Leaves where it ends, which is `at` for an empty value, or 0 where there is no text
 * of it to be had.
 */
export function label(): WasmFunction {
  const [pos, end, name, nameSize, at, from, size, shift, number] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const isString = equal(load8(get(pos)), constant(tag(FIELD.AnyValue.stringValue, 2)))
  const lengthOf = (local: number) =>
    add(constant(1), add(greater(get(local), constant(127)), greater(get(local), constant(16_383))))
  const none = [constant(0), leave]
  const code = [
    set(size, subtract(get(end), get(pos))),
    when(isZero(get(size)), get(at), leave),
    either(
      and(greater(get(size), constant(1)), isString),
      [
        readSize(add(get(pos), constant(1)), size, from),
        when(subtract(add(get(from), get(size)), get(end)), none),
      ],
      [
        set(from, constant(TEXT_AT)),
        putScalar([pos, end, from], { size, shift, number }, [
          set(from, call(HOST_TEXT.name, get(pos), get(end), get(from))),
          when(isZero(get(from)), none),
        ]),
        set(size, subtract(get(from), constant(TEXT_AT))),
        set(from, constant(TEXT_AT)),
      ],
    ),
    when(isZero(get(size)), get(at), leave),
    store8(get(at), constant(tag(FIELD.TimeSeries.labels, 2))),
    step(at),
    set(number, add(get(nameSize), add(lengthOf(size), get(size)))),
    putVarint(at, number),
    set(at, call('copyText', get(name), get(nameSize), get(at))),
    set(number, get(size)),
    putVarint(at, number),
    call('copyText', get(from), get(size), get(at)),
  ]
  return { name: 'label', params: 5, results: 1, locals: Array(4).fill(I32), code }
}
