/**
 * A module of WebAssembly from functions written as instructions (`instructions.ts`): what a
 * compiler would need of the format and no more. One memory, globals and functions.
 *
 *     "\0asm" 1 | section: id, size, content ...
 *     1 types  2 imports  3 function's type  5 memory  6 globals  7 exports  10 code  11 data
 *
 * Numbers are LEB128; a list is its count and its elements.
 */

/** Instructions. What a label or a name stands for is known only where it comes to lie. */
export type Code =
  | number
  | readonly Code[]
  | { readonly open: Label | undefined }
  | { readonly branch: Label }
  | { readonly call: string }
  | { readonly close: true }

/** A place that branches lead to: a block's end or a loop's start. */
export class Label {}

export const I32 = 0x7f
export const I64 = 0x7e
export const V128 = 0x7b

/** What a function takes and leaves. */
export interface Signature {
  readonly name: string
  /** How many, all i32. They are the first locals. */
  readonly params: number
  /** How many, all i32. */
  readonly results: number
}

export interface WasmFunction extends Signature {
  /** The types of its other locals. */
  readonly locals: readonly number[]
  readonly code: Code
  /** Whether the host may call it, by its name. */
  readonly isExported?: boolean
}

export interface WasmModule {
  /** Functions of the host, which has them by their names in "host". */
  readonly imports?: readonly Signature[]
  readonly functions: readonly WasmFunction[]
  /** The first values of the globals, all i32 and mutable. */
  readonly globals: readonly number[]
  /** Of 64 KiB, never more nor less. Exported as "memory". */
  readonly memoryPages: number
  /** What memory holds at first, from address 0 on. */
  readonly data?: readonly number[]
}

export function assemble(module: WasmModule): Uint8Array<ArrayBuffer> {
  const { imports = [], functions, globals, memoryPages, data } = module
  const all = [...imports, ...functions]
  const indexes = new Map(all.map(({ name }, index) => [name, index]))
  const types = [...new Set(all.map(typeKey))]
  const typeOf = (one: Signature) => unsigned(types.indexOf(typeKey(one)))
  const bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  const section = (id: number, content: readonly number[]) => {
    bytes.push(id, ...unsigned(content.length))
    // Spread as arguments, a long section would not fit the stack.
    for (const byte of content) bytes.push(byte)
  }
  const exported = functions.filter(({ isExported }) => isExported)
  section(1, list(types.map(typeBytes)))
  if (imports.length > 0)
    section(2, list(imports.map((one) => [...importName(one), ...typeOf(one)])))
  section(3, list(functions.map(typeOf)))
  section(5, list([[1, ...unsigned(memoryPages), ...unsigned(memoryPages)]]))
  section(6, list(globals.map((value) => [I32, 1, 0x41, ...signed(value), END])))
  section(
    7,
    list([
      [...nameBytes('memory'), 2, 0],
      ...exported.map(({ name }) => [...nameBytes(name), 0, ...unsigned(indexes.get(name)!)]),
    ]),
  )
  section(10, list(functions.map((one) => functionBytes(one, indexes))))
  if (data) section(11, list([[0, 0x41, 0, END, ...unsigned(data.length), ...data]]))
  return Uint8Array.from(bytes)
}

const END = 0x0b

export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128)
  bytes.push(rest)
  return bytes
}

export function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const byte = rest & 127
    rest >>= 7
    // The last byte's bit 6 is the sign.
    if (rest === (byte & 64 ? -1 : 0)) return [...bytes, byte]
    bytes.push(byte | 128)
  }
}

function list(elements: readonly (readonly number[])[]): number[] {
  const bytes = unsigned(elements.length)
  for (const element of elements) for (const byte of element) bytes.push(byte)
  return bytes
}

function nameBytes(name: string): number[] {
  return [...unsigned(name.length), ...Buffer.from(name)]
}

function importName({ name }: Signature): number[] {
  return [...nameBytes('host'), ...nameBytes(name), 0]
}

function typeKey({ params, results }: Signature): string {
  return `${params} ${results}`
}

function typeBytes(key: string): number[] {
  const [params, results] = key.split(' ').map(Number) as [number, number]
  const i32s = (count: number) => [count, ...Array<number>(count).fill(I32)]
  return [0x60, ...i32s(params), ...i32s(results)]
}

function functionBytes(one: WasmFunction, indexes: ReadonlyMap<string, number>): number[] {
  const body = list(one.locals.map((type) => [1, type]))
  place(one.code, body, [], indexes)
  body.push(END)
  return [...unsigned(body.length), ...body]
}

/** Appends code to `into`; `open` are the blocks it lies in, the innermost last. */
function place(
  code: Code,
  into: number[],
  open: (Label | undefined)[],
  indexes: ReadonlyMap<string, number>,
): void {
  if (typeof code === 'number') into.push(code)
  else if ('open' in code) open.push(code.open)
  else if ('close' in code) open.pop()
  else if ('branch' in code) {
    const at = open.lastIndexOf(code.branch)
    if (at < 0) throw new Error('bug: a branch to a block that it does not lie in')
    into.push(...unsigned(open.length - 1 - at))
  } else if ('call' in code) {
    const index = indexes.get(code.call)
    if (index === undefined) throw new Error(`bug: there is no function ${code.call}`)
    into.push(...unsigned(index))
  } else for (const one of code) place(one, into, open, indexes)
}
