import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BodyDescription, type Definition, describeSchema, nameOfExport } from '#sdk'

const TABLES = /(<!-- arguments -->\n)[\s\S]*?(<!-- \/arguments -->)/
const EXAMPLE = /(```river\n)[\s\S]*?(```)/

/** The folder of a component, from its name. */
export function componentFolder(root: string, { name }: Definition): string {
  return join(root, 'components', ...name.split('.'))
}

/** A component's README with its tables made anew and its example as it is in the file. */
export function renewReadme(
  root: string,
  definition: Definition,
): { path: string; is: string; should: string } {
  const folder = componentFolder(root, definition)
  const path = join(folder, 'README.md')
  const is = readFileSync(path, 'utf8')
  const example = readFileSync(join(folder, 'example.river'), 'utf8')
  const tables = describeSchema(definition.schema).map(tableOf).filter(Boolean).join('\n')
  const exports = Object.entries(definition.exports).map(
    ([name, shape]) => `\`${name}\` (${nameOfExport(shape)})`,
  )
  const exported = exports.length > 0 ? `\nExports: ${exports.join(', ')}.\n` : ''
  const should = is
    .replace(TABLES, (_, open: string, close: string) => `${open}${tables}${exported}${close}`)
    .replace(EXAMPLE, (_, open: string, close: string) => `${open}${example}${close}`)
  return { path, is, should }
}

function tableOf(body: BodyDescription): string {
  const { path, about, required, repeated, attributes } = body
  const notes = [required && 'required', repeated && 'may be repeated'].filter(Boolean).join(', ')
  const title =
    path.length > 0 ? `\n**${path.join(' > ')}**${notes && ` (${notes})`}: ${about}\n` : ''
  if (attributes.length === 0) return title
  const rows = attributes.map((one) => {
    const value = one.required
      ? '*required*'
      : one.default === undefined
        ? ''
        : `\`${one.default}\``
    const note = one.deprecated === undefined ? '' : ` Deprecated: ${one.deprecated}.`
    return `| \`${one.name}\` | ${one.type} | ${value} | ${one.about}${note} |`
  })
  return `${title}\n| name | type | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`
}
