import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FieldReader } from './reader.js'
import { commonWords, copyWords, equalWords, viewOf } from './words.js'
import { digitsOf, Writer } from './writer.js'

const bytes = fc.uint8Array({ maxLength: 40 })

/** The bytes, somewhere in memory that has others around them. */
function placed(all: Uint8Array, before: number): DataView {
  return viewOf(Buffer.concat([Buffer.alloc(before, 7), all, Buffer.alloc(3, 9)]))
}

test('words are copied as bytes are, and no others', () => {
  fc.assert(
    fc.property(bytes, fc.nat(5), fc.nat(5), (all, before, at) => {
      const into = Buffer.alloc(60, 1)
      copyWords(placed(all, before), before, before + all.length, viewOf(into), at)
      const expected = Buffer.alloc(60, 1)
      expected.set(all, at)
      expect(into).toEqual(expected)
    }),
  )
})

test('words are equal where bytes are', () => {
  const changed = fc.record({ place: fc.nat(39), by: fc.integer({ min: 1, max: 255 }) })
  fc.assert(
    fc.property(bytes, fc.nat(5), fc.nat(5), fc.option(changed), (all, before, at, change) => {
      const other = Buffer.from(all)
      const isChanged = change !== null && change.place < all.length
      if (isChanged) other[change.place]! ^= change.by
      const one = placed(all, before)
      const isEqual = equalWords(one, before, before + all.length, placed(other, at), at)
      expect(isEqual).toBe(!isChanged)
    }),
  )
})

test('common bytes are those before the first that differs', () => {
  fc.assert(
    fc.property(bytes, fc.nat(5), fc.nat(39), (all, before, place) => {
      const other = Buffer.from(all)
      if (place < all.length) other[place]! ^= 1
      const view = viewOf(Buffer.concat([Buffer.alloc(before), all, other]))
      const same = commonWords(view, before, before + all.length, all.length)
      expect(same).toBe(Math.min(place, all.length))
    }),
  )
})

test('decimal digits are those of a number', () => {
  const values = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 9, 10, 999_999_999, 2 ** 32 - 1))
  fc.assert(
    fc.property(values, (value) => {
      const writer = new Writer(1)
      writer.decimal(value)
      expect(writer.written().toString()).toBe(String(value))
      expect(digitsOf(value)).toBe(String(value).length)
    }),
  )
})

test('fields are read as they were written, whatever their number and size', () => {
  const number = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 ** 28 - 1 }))
  const size = fc.oneof(fc.nat(140), fc.constantFrom(127, 128, 16_383, 16_384))
  const fields = fc.array(
    fc.oneof(
      fc.tuple(fc.constant('bytes' as const), number, size),
      fc.tuple(fc.constant('varint' as const), number, fc.maxSafeNat()),
      fc.tuple(fc.constant('fixed32' as const), number, fc.nat()),
    ),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(fields, (all) => {
      const writer = new Writer(1)
      const expected = all.map(([kind, field, value]) => {
        const start = writer.pos
        if (kind === 'bytes') writer.field(field, Buffer.alloc(value))
        else {
          writer.tag(field, kind === 'varint' ? 0 : 5)
          writer[kind](value)
        }
        const body = kind === 'bytes' ? writer.pos - value : undefined
        return { number: field, start, end: writer.pos, body }
      })
      const reader = new FieldReader(writer.bytes, 0, writer.pos)
      for (const { body, ...where } of expected) {
        expect(reader.next()).toBe(true)
        expect(reader).toMatchObject(where)
        if (body !== undefined) expect(reader.value).toBe(body)
      }
      expect(reader.next()).toBe(false)
    }),
  )
})
