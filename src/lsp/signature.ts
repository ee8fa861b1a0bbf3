import type { SignatureHelp } from 'vscode-languageserver-protocol'
import { functions, usageOf } from '#config'
import { cursorAt } from './cursor.js'
import { functionDocs, markdown } from './docs.js'
import type { ConfigView } from './view.js'

/** How the function is called whose arguments are being written; null outside of a call. */
export function signatureAt({ file }: ConfigView, offset: number): SignatureHelp | null {
  const { at } = cursorAt(file.source, offset)
  const call = at.kind === 'value' ? at.frames.findLast(({ kind }) => kind === 'call') : undefined
  const fn = call?.name === undefined ? undefined : functions.get(call.name)
  if (!call || !fn) return null
  const parameters = fn.parameters.map(({ name, about }) => ({ label: name, documentation: about }))
  const signature = { label: usageOf(fn), documentation: markdown(functionDocs(fn)), parameters }
  const activeParameter = Math.min(call.index, Math.max(parameters.length - 1, 0))
  return { signatures: [signature], activeSignature: 0, activeParameter }
}
