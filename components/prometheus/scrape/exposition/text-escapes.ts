/** Of label values, of names in quotes, and of OpenMetrics help. Others mean themselves. */
export function unescapeQuoted(text: string): string {
  return text.replace(/\\[\\"n]/g, (pair) => (pair === '\\n' ? '\n' : pair[1]!))
}

/** Of help in the Prometheus text format. */
export function unescapeHelp(text: string): string {
  return text.replace(/\\[\\n]/g, (pair) => (pair === '\\n' ? '\n' : '\\'))
}
