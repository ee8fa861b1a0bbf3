import { failure } from '../../fault.js'
import { define } from '../definition.js'
import { DocumentFault } from '../document-fault.js'
import { parseJson } from '../json.js'
import { text } from '../parameters.js'
import { PathFault, parsePath } from './parse.js'
import { Selection, SelectionFault } from './select.js'

export const jsonPathFunction = define({
  name: 'json_path',
  about: 'A list of what a JSONPath selects from a JSON document.',
  parameters: [
    text('json', 'The document; an empty text has nothing to select.'),
    text('path', 'Such as "$.store.books[0].title"; the "$" may be left out.'),
  ],
  result: 'array',
  call: ([json, path]) => {
    try {
      const parsed = parsePath(path)
      if (json.trim() === '') return []
      const root = parseJson(json.replace(/^\ufeff/, ''), 'kinds')
      return path === '' ? [] : new Selection(root).from(root, parsed)
    } catch (error) {
      throw faultOf(error)
    }
  },
})

function faultOf(error: unknown): unknown {
  if (error instanceof PathFault) return failure([1], `this is no JSONPath: ${error.message}`)
  if (error instanceof SelectionFault) return failure([1], error.message)
  if (error instanceof DocumentFault) {
    return failure([0], `this cannot be read as JSON: ${error.message}`)
  }
  return error
}
