/** Writes anew what is made from something else: the tables and examples of component READMEs. */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { allComponents } from './support/all-components.js'
import { renewReadme } from './support/component-readme.js'

const root = resolve(import.meta.dirname, '../..')
for (const definition of await allComponents()) {
  const { path, is, should } = renewReadme(root, definition)
  if (is !== should) writeFileSync(path, should)
}
