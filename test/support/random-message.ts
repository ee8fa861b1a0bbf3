/** Requests as no sender writes them: made from the message tables, by chance. */
import { MESSAGES, type MessageName, wireTypeOf } from '#wire'

/** Overlong by chance, so it may be in a form that is refused. */
function varint(value: number, random: () => number, extra = 0.02): Buffer {
  const bytes: number[] = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128)
  bytes.push(value)
  while (random() < extra && bytes.length < 11) {
    bytes[bytes.length - 1]! |= 128
    bytes.push(random() < 0.8 ? 0 : 1)
  }
  return Buffer.from(bytes)
}

const TEXTS = [
  '',
  'a',
  'key',
  'grün',
  '水平線',
  '🌊 wave',
  'x'.repeat(17),
  'y'.repeat(200),
  'ü'.repeat(40),
]

function text(random: () => number): Buffer {
  const pick = () => Buffer.from(TEXTS[Math.floor(random() * TEXTS.length)]!)
  const all = Buffer.concat(random() < 0.3 ? [pick(), pick(), pick()] : [pick()])
  // Rarely cut inside a character.
  return random() < 0.01 ? all.subarray(0, -1) : all
}

/**
 * A body of fields in any order, known ones mostly, as often as they come: legal for the most part
 * and seldom regular. A fault of each kind is rare, so that much of a request is read before one.
 */
export function randomMessage(name: MessageName, random: () => number, depth = 0): Buffer {
  const fields = Object.values(MESSAGES[name])
  const parts: Buffer[] = []
  // Fewer the deeper, or values in values would never end.
  const limit = depth < 6 ? 6 : depth < 12 ? 2.5 : 1
  for (let count = Math.floor(random() * limit); count > 0; count--) {
    if (random() < 0.03) {
      parts.push(unknownField(random))
      continue
    }
    const field = fields[Math.floor(random() * fields.length)]!
    const number =
      field.number === 2 && name.startsWith('Resource') && random() < 0.1 ? 1000 : field.number
    const wire = random() < 0.003 ? Math.floor(random() * 8) : wireTypeOf(field.type)
    const packed = field.repeated === true && wire !== 2 && random() < 0.5
    parts.push(varint((number << 3) | (packed ? 2 : wire), random, 0.001))
    if (packed) parts.push(sized(packedList(wire, random), random))
    else if (wire === 0) parts.push(number64(random))
    else if (wire === 1) parts.push(Buffer.alloc(8, 0x41))
    else if (wire === 5) parts.push(Buffer.alloc(4, 0x41))
    else if (wire === 2) parts.push(sized(content(field, random, depth), random))
  }
  return Buffer.concat(parts)
}

function content(
  { type, idLength }: { readonly type: string; readonly idLength?: number },
  random: () => number,
  depth: number,
): Buffer {
  if (Object.hasOwn(MESSAGES, type)) {
    return randomMessage(type as MessageName, random, depth + 1)
  }
  if (idLength === undefined) return text(random)
  return Buffer.alloc(random() < 0.01 ? 7 : random() < 0.1 ? 0 : idLength, 7)
}

function sized(body: Buffer, random: () => number): Buffer {
  const off = random() < 0.002 ? 1 : 0
  return Buffer.concat([varint(body.length + off, random), body])
}

function number64(random: () => number): Buffer {
  if (random() < 0.05) return Buffer.from([...Array(9).fill(0xff), random() < 0.9 ? 1 : 2])
  return varint(Math.floor(random() ** 4 * 2 ** 40), random, 0.1)
}

function packedList(wire: number, random: () => number): Buffer {
  const count = Math.floor(random() * 4)
  if (wire === 0) return Buffer.concat(Array.from({ length: count }, () => number64(random)))
  return Buffer.alloc(count * (wire === 1 ? 8 : 4) + (random() < 0.01 ? 1 : 0), 1)
}

function unknownField(random: () => number): Buffer {
  const number = [17, 31, 32, 500, 1000, 70_000, 2 ** 28][Math.floor(random() * 7)]!
  const wire = [0, 1, 2, 5, 3, 6][Math.floor(random() ** 2 * 6)]!
  const tag = varint(number * 8 + wire, random, 0.01)
  const value = [number64(random), Buffer.alloc(8), sized(text(random), random)][wire]
  return Buffer.concat([tag, value ?? Buffer.alloc(wire === 5 ? 4 : 0)])
}
