import { HUFFMAN_BITS } from './hpack-tables.js'

/**
 * Decoding goes four bits at a time. A state is a node of the code's tree, 16 entries a state:
 *
 *   bits 0-7    the byte that these four bits complete
 *   bit 8       there is one
 *   bit 9       the string may end here: at most 7 bits of padding, all ones
 *   bit 10      no code begins so, or it is the one of the end of the string
 *   bits 16-31  the next state
 */
const EMITS = 1 << 8
const MAY_END = 1 << 9
const FAILS = 1 << 10
const END_OF_STRING = 256
const PADDING_BITS_MAX = 7
/** The shortest code has 5 bits. */
const GROWTH = 8 / 5

type Node = { zero?: Node | number; one?: Node | number }

const TRANSITIONS = transitions(treeOf(HUFFMAN_BITS))

let scratch = Buffer.allocUnsafe(4096)

/** The text of a Huffman-coded string; undefined when it is not well coded. */
export function decodeHuffman(bytes: Buffer, from: number, to: number): string | undefined {
  const most = Math.ceil((to - from) * GROWTH) + 1
  if (scratch.length < most) scratch = Buffer.allocUnsafe(most)
  let length = 0
  let entry = MAY_END
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    entry = TRANSITIONS[(entry >>> 16) * 16 + (byte >>> 4)]!
    if (entry & EMITS) scratch[length++] = entry & 0xff
    if (entry & FAILS) return undefined
    entry = TRANSITIONS[(entry >>> 16) * 16 + (byte & 15)]!
    if (entry & EMITS) scratch[length++] = entry & 0xff
    if (entry & FAILS) return undefined
  }
  return entry & MAY_END ? scratch.toString('latin1', 0, length) : undefined
}

function treeOf(lengths: readonly number[]): Node {
  const symbols = lengths.map((_, symbol) => symbol)
  symbols.sort((a, b) => lengths[a]! - lengths[b]! || a - b)
  const root: Node = {}
  let code = 0
  let bits = lengths[symbols[0]!]!
  for (const symbol of symbols) {
    code <<= lengths[symbol]! - bits
    bits = lengths[symbol]!
    let node = root
    for (let bit = bits - 1; bit > 0; bit--) {
      const side = (code >>> bit) & 1 ? 'one' : 'zero'
      node[side] ??= {}
      node = node[side] as Node
    }
    node[code & 1 ? 'one' : 'zero'] = symbol
    code++
  }
  return root
}

function transitions(root: Node): Uint32Array {
  const states: { node: Node; depth: number; isOnes: boolean }[] = []
  const stateOf = new Map<Node, number>()
  const add = (node: Node, depth: number, isOnes: boolean) => {
    stateOf.set(node, states.length)
    states.push({ node, depth, isOnes })
    if (typeof node.zero === 'object') add(node.zero, depth + 1, false)
    if (typeof node.one === 'object') add(node.one, depth + 1, isOnes)
  }
  add(root, 0, true)
  const table = new Uint32Array(states.length * 16)
  for (const [state, { node }] of states.entries()) {
    for (let nibble = 0; nibble < 16; nibble++) {
      table[state * 16 + nibble] = step(root, node, nibble)
    }
  }
  function step(top: Node, from: Node, nibble: number): number {
    let node = from
    let emitted = 0
    for (let bit = 3; bit >= 0; bit--) {
      const next = (nibble >>> bit) & 1 ? node.one! : node.zero!
      if (next === END_OF_STRING) return FAILS
      if (typeof next === 'number') emitted = EMITS | next
      node = typeof next === 'number' ? top : next
    }
    const { depth, isOnes } = states[stateOf.get(node)!]!
    const mayEnd = isOnes && depth <= PADDING_BITS_MAX ? MAY_END : 0
    return ((stateOf.get(node)! << 16) | emitted | mayEnd) >>> 0
  }
  return table
}
