import { expect, test } from 'vitest'
import { Ledger } from './ledger.js'

test('what entered has left, was dropped for a reason, or is held', () => {
  const ledger = new Ledger()
  ledger.enter('traces', 10)
  expect(ledger.held('traces')).toBe(10)
  ledger.leave('traces', 6)
  ledger.drop('traces', 1, 'filtered')
  ledger.drop('traces', 1, 'filtered')
  ledger.refuse('traces', 2)
  ledger.turnAway('traces', 3)
  ledger.enter('traces', 4)
  ledger.putAway('traces', 4)
  ledger.block('traces', 20)
  ledger.block('traces', 5)
  expect(ledger.held('traces')).toBe(0)
  expect(ledger.counts('traces')).toEqual({
    entered: 8,
    left: 6,
    refused: 5,
    dropped: new Map([['filtered', 2]]),
    blockedMs: 25,
  })
  expect(ledger.held('logs')).toBe(0)
})
