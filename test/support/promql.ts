/** What queries of dashboards and alert rules name, found without a parser of PromQL. */

const WORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'on', 'ignoring', 'by', 'without'])
const GROUPING = /\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g
const MATCHERS = /\{[^}]*\}/g

/** The metrics, each once. */
export function metricsIn(query: string): readonly string[] {
  const plain = query
    .replace(/"[^"]*"/g, '')
    .replace(MATCHERS, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(GROUPING, ' ')
  // A name before a parenthesis is a function; a number may have a letter behind it.
  const names = plain.match(/(?<![\w.:$])[a-zA-Z_:][\w:]*\b(?!\s*\()/g) ?? []
  return [...new Set(names)].filter((name) => !WORDS.has(name))
}

/** The labels by which results are grouped, and those that matchers name. */
export function labelsIn(query: string): readonly string[] {
  const grouped = [...query.matchAll(GROUPING)].flatMap(([, names]) => names!.split(','))
  const matchers = (query.match(MATCHERS) ?? []).map((one) => one.replace(/"[^"]*"/g, '""'))
  const matched = matchers.flatMap((one) => [...one.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)])
  return [...new Set([...grouped.map((name) => name.trim()), ...matched.map(([, name]) => name!)])]
}
