import { expect, test } from 'vitest'
import { MESSAGES } from './messages.js'
import { LEGACY_SCOPES_FIELD } from './schema.js'

test.each(Object.entries(MESSAGES))('%s is as the scanners need it', (_, table) => {
  const numbers = Object.values(table).map(({ number }) => number)
  expect(new Set(numbers).size).toBe(numbers.length)
  // The scan has a bit for each, and `normalize` sorts by them.
  expect(Math.max(0, ...numbers)).toBeLessThan(32)
  expect(numbers).not.toContain(LEGACY_SCOPES_FIELD)
  const first = Object.values(table).filter((field) => field.first)
  expect(first.length).toBeLessThan(2)
  for (const { number } of first) expect(number).toBe(Math.min(...numbers))
})
