import { expect, test } from 'vitest'
import { layOut } from './layout.js'
import { Layouts } from './layouts.js'

const PLAN = {
  boxes: ['a', 'b', 'c'].map((id) => ({ id, width: 100, height: 50 })),
  lines: [
    { from: 'a', to: 'b', width: 80, height: 20 },
    { from: 'b', to: 'c', width: 80, height: 20 },
  ],
}

test('what comes later stands further to the right, with room for labels', () => {
  const { boxes, lines, width, height } = layOut(PLAN)
  expect(boxes['b']!.x - boxes['a']!.x).toBeGreaterThan(180)
  expect(boxes['c']!.x - boxes['b']!.x).toBeGreaterThan(180)
  expect(lines).toHaveLength(2)
  expect(lines[0]!.label.x).toBeGreaterThan(boxes['a']!.x)
  expect(lines[0]!.label.x).toBeLessThan(boxes['b']!.x)
  expect(width).toBeGreaterThan(400)
  expect(height).toBeGreaterThanOrEqual(50)
})

test('nothing is nothing, and a component may feed itself', () => {
  expect(layOut({ boxes: [], lines: [] })).toMatchObject({ boxes: {}, lines: [] })
  const loop = { from: 'a', to: 'a', width: 10, height: 10 }
  expect(layOut({ boxes: PLAN.boxes, lines: [loop] }).lines[0]!.points.length).toBeGreaterThan(1)
})

test('a plan is laid out once; a failure is not kept', async () => {
  let calls = 0
  const layouts = new Layouts(async (plan) => {
    if (++calls === 1) throw new Error('no')
    return layOut(plan)
  })
  await expect(layouts.of(PLAN)).rejects.toThrow('no')
  const first = await layouts.of(PLAN)
  expect(await layouts.of(structuredClone(PLAN))).toBe(first)
  expect(calls).toBe(2)
})
