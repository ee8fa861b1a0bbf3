import { expect, test } from 'vitest'
import { Memo } from './memo.js'

test('keeps what is asked for, and never more than it may', () => {
  const memo = new Memo<number>(10)
  memo.set('often', 0)
  for (let n = 1; n < 100; n++) {
    memo.set(`once ${n}`, n)
    expect(memo.get('often')).toBe(0)
    expect(memo.size).toBeLessThanOrEqual(10)
  }
  expect(memo.get('once 99')).toBe(99)
  expect(memo.get('once 1')).toBeUndefined()
})
