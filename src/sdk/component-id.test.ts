import { describe, expect, test } from 'vitest'
import { folderOfId, idOfFolder, splitId } from './component-id.js'

describe('folders', () => {
  for (const id of ['loki.write.a', 'my_module.a/loki.write.b', 'foreach.f/10/x.y.z']) {
    test(id, () => {
      expect(folderOfId(id)).not.toContain('/')
      expect(idOfFolder(folderOfId(id))).toBe(id)
    })
  }
})

describe('an id and what is behind it', () => {
  const rows: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['loki.write.a', 'loki.write.a', undefined],
    ['loki.write.a/mimir', 'loki.write.a', 'mimir'],
    ['loki.write.a/http://x/push', 'loki.write.a', 'http://x/push'],
    ['m.a/loki.write.b', 'm.a/loki.write.b', undefined],
    ['m.a/loki.write.b/http://x', 'm.a/loki.write.b', 'http://x'],
    ['foreach.f/10/loki.write.b', 'foreach.f/10/loki.write.b', undefined],
    ['nonsense', undefined, undefined],
    ['../loki.write.a', undefined, undefined],
  ]
  for (const [text, id, rest] of rows) {
    test(text, () => expect(splitId(text)).toEqual(id && { id, rest }))
  }
})
