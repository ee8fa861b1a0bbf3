import type { Hover } from 'vscode-languageserver-protocol'
import { nameOfExport } from '#sdk'
import {
  componentDocs,
  customDocs,
  functionDocs,
  markdown,
  memberDocs,
  paragraphs,
} from './docs.js'
import type { LiveAgent } from './live.js'
import { type NamedThing, namedAt } from './symbol.js'
import type { ConfigView } from './view.js'

/** What the name at an offset stands for; of components with what a running agent says of them. */
export async function hover(
  view: ConfigView,
  offset: number,
  live: LiveAgent | undefined,
): Promise<Hover | null> {
  const named = namedAt(view, offset)
  if (!named) return null
  const text = textOf(named, view)
  if (text === '') return null
  const said = await liveText(named, live)
  return { contents: markdown(paragraphs(text, said)), range: view.file.rangeOf(named.at) }
}

function textOf(named: NamedThing, view: ConfigView): string {
  const { catalogue } = view
  switch (named.kind) {
    case 'function':
      return functionDocs(named.definition)
    case 'member':
      return memberDocs(named.member)
    case 'component-name':
      if (named.custom) return customDocs(named.custom)
      return named.definition ? componentDocs(named.definition) : ''
    case 'component': {
      const { id, block } = named.declaration
      const custom = view.customAt(named.at.start).get(block.name)
      if (custom) {
        const name =
          named.exported === undefined ? `\`${id}\`` : `**${named.exported}** of \`${id}\``
        return paragraphs(name, customDocs(custom))
      }
      const definition = catalogue.component(block.name)
      if (named.exported === undefined) {
        return paragraphs(`\`${id}\``, definition ? componentDocs(definition) : '')
      }
      const shape = definition?.exports[named.exported]
      return shape ? `**${named.exported}** of \`${id}\` (${nameOfExport(shape)})` : ''
    }
  }
}

async function liveText(named: NamedThing, live: LiveAgent | undefined): Promise<string> {
  if (!live || !('declaration' in named) || !named.declaration) return ''
  const exported = named.kind === 'component' ? named.exported : undefined
  return live.textOf(named.declaration.id, exported)
}
