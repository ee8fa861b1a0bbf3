import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LabelEditor, labelsOf } from './labels.js'

const name: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const value = fc.constantFrom('', '1', '2')
const edits = fc.array(
  fc.oneof(fc.record({ name, value }), fc.record({ names: fc.uniqueArray(name) })),
)

test('edits do what they would do to a map', () => {
  const editor = new LabelEditor()
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), edits, (entries, steps) => {
      const labels = labelsOf(entries)
      const model = new Map(entries)
      editor.begin(labels)
      for (const step of steps) {
        if ('names' in step) {
          editor.filter((one) => step.names.includes(one))
          for (const one of model.keys()) if (!step.names.includes(one)) model.delete(one)
        } else {
          editor.set(step.name, step.value)
          model.set(step.name, step.value)
        }
        expect(editor.get('c')).toBe(model.get('c') ?? '')
      }
      const left = [...model].filter(([, one]) => one !== '').sort(([a], [b]) => (a < b ? -1 : 1))
      const before = labels.slice()
      const after = editor.finish()
      expect(after).toEqual(left.flat())
      expect(labels).toEqual(before)
      if (after.join() === before.join()) expect(after).toBe(labels)
    }),
  )
})
