import { type ArgumentsOf, attributes, stringOrSecret } from '#sdk'
import type { ImportKind } from './import-kind.js'

const schema = attributes({
  content: stringOrSecret({
    required: true,
    about: 'The text of the modules, such as local.file.LABEL.content.',
  }),
})

export const importString: ImportKind<ArgumentsOf<typeof schema>> = {
  definition: {
    name: 'import.string',
    stability: 'generally-available',
    about: 'Imports modules from a text.',
    schema,
  },
  sourceOf: () => '',
  read: async ({ content }, { id, folder }) => ({
    texts: [{ name: id, text: content.reveal() }],
    folder,
  }),
  everyMs: () => undefined,
  checksum: () => undefined,
}
