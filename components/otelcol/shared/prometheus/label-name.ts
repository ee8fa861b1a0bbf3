/**
 * The label name of an attribute's key, `[a-zA-Z_][a-zA-Z0-9_]*`; '' where nothing of it can be
 * kept (compatibility specification, Metric Attributes). `key` is put before what may not begin a
 * name, and before one underscore, as such names are often taken for internal ones. Names between
 * double underscores are reserved and stay.
 */
export function labelName(key: string): string {
  if (/^__\w+__$/.test(key) && /[a-zA-Z0-9]/.test(key)) return key
  const name = key.replace(/[^a-zA-Z0-9]+/g, '_')
  if (name === '' || name === '_') return ''
  if (/^[0-9]/.test(name)) return `key_${name}`
  return name.startsWith('_') ? `key${name}` : name
}
