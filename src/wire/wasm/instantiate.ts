/** As far as it is used here; Node's types have none of it. */
export interface WebAssembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: { readonly host: Host },
  ) => { readonly exports: Readonly<Record<string, unknown>> }
  readonly CompileError: new () => Error
  readonly RuntimeError: new () => Error
}

/** Functions that a module calls. */
export type Host = Readonly<Record<string, (...operands: number[]) => number>>

export interface Instance {
  readonly wasm: WebAssembly
  readonly memory: ArrayBuffer
  readonly run: Readonly<Record<string, (...operands: number[]) => number>>
}

/** Undefined where there is no WebAssembly (--jitless), no vectors in it, or no room for it. */
export function instantiate(base64: string, host: Host = {}): Instance | undefined {
  const { WebAssembly: wasm } = globalThis as { WebAssembly?: WebAssembly }
  if (!wasm) return undefined
  try {
    const { exports } = new wasm.Instance(new wasm.Module(Buffer.from(base64, 'base64')), { host })
    const { buffer } = exports['memory'] as { buffer: ArrayBuffer }
    return { wasm, memory: buffer, run: exports as Instance['run'] }
  } catch (error) {
    if (error instanceof wasm.CompileError || error instanceof RangeError) return undefined
    throw error
  }
}
