/**
 * The diagnostics of the lexer and the parser: facts and words. `found` is a token in the user's
 * words.
 */
import type { Words } from './codes.js'

export interface SyntaxFacts {
  // The text.
  'too-large': { readonly size: number; readonly limit: number }
  'invalid-utf8': object
  'null-character': object
  'byte-order-mark': object
  'illegal-character': { readonly character: string }
  'hash-comment': object
  'stray-semicolon': object
  'colon-assignment': object
  'single-quotes': object
  'unterminated-string': object
  'unterminated-raw-string': object
  'unterminated-comment': object
  'invalid-escape': { readonly escape: string }
  'invalid-code-point': { readonly escape: string }
  'invalid-number': { readonly text: string }
  'incomplete-operator': { readonly operator: string }

  // Statements.
  'expected-statement': { readonly found: string }
  'unmatched-close': { readonly close: string }
  'expected-name': { readonly found: string }
  'incomplete-statement': {
    readonly name: string
    readonly found: string
    readonly expected: '`=` or `{`' | '`{`'
  }
  'unquoted-label': { readonly label: string }
  'raw-label': object
  'invalid-label': { readonly label: string; readonly suggestion: string }
  'dotted-attribute': { readonly name: string }
  'labeled-attribute': { readonly name: string }
  'expected-line-end': { readonly found: string }
  unclosed: { readonly close: string; readonly found: string }

  // Expressions.
  'expected-value': { readonly found: string }
  'expected-end': { readonly found: string }
  'expected-comma': { readonly close: string; readonly found: string }
  'missing-comma': { readonly what: string; readonly close: string }
  'expected-field': { readonly found: string }
  'expected-assignment': { readonly name: string; readonly found: string }
  'block-as-value': {
    /** The block's name and label, if it has both. */
    readonly name: string | undefined
  }
  'too-deep': { readonly limit: number }
}

export const SYNTAX_WORDS: {
  readonly [C in keyof SyntaxFacts]: (fact: SyntaxFacts[C]) => Words
} = {
  'too-large': (fact) => ({
    message: `this file has ${fact.size} bytes, and may have ${fact.limit}`,
    help: 'split it: a folder of files is read as one config',
  }),
  'invalid-utf8': () => ({
    message: 'this is not UTF-8 text',
    help: 'save the file in the encoding UTF-8',
  }),
  'null-character': () => ({
    message: 'a NUL character may not stand in a config',
    help: 'remove it; if there are many, save the file in the encoding UTF-8',
    fix: '',
  }),
  'byte-order-mark': () => ({
    message: 'a byte order mark may stand only at the very start of a file',
    help: 'remove this invisible character',
    fix: '',
  }),
  'illegal-character': (fact) => ({
    message: `${named(fact.character)} has no meaning here`,
    help: CHARACTER_HELP.get(fact.character) ?? 'remove it, or put the text in double quotes',
    fix: PLAIN_CHARACTER.get(fact.character),
  }),
  'hash-comment': () => ({
    message: '`#` does not start a comment',
    help: 'start the comment with `//`',
    fix: (marked) => `//${marked.slice(1)}`,
  }),
  'stray-semicolon': () => ({
    message: 'a statement ends with its line, not with `;`',
    help: 'remove the `;`, and start the next statement on a line of its own',
    fix: '\n',
  }),
  'colon-assignment': () => ({
    message: '`:` does not set a value',
    help: 'write `=`',
    fix: '=',
  }),
  'single-quotes': () => ({
    message: 'a string stands in double quotes, not in single ones',
    help: 'write "..."',
    fix: (marked) => `"${marked.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`,
  }),
  'unterminated-string': () => ({
    message: 'this string is not closed on its line',
    help: 'close it with `"`; a text of several lines stands between back quotes',
    fix: (marked) => `${marked}"`,
  }),
  'unterminated-raw-string': () => ({
    message: 'this string is never closed',
    help: 'close it with a back quote',
    fix: (marked) => `${marked}\``,
  }),
  'unterminated-comment': () => ({
    message: 'this comment is never closed',
    help: 'close it with `*/`',
    fix: (marked) => `${marked}*/`,
  }),
  'invalid-escape': (fact) => ({
    message: `\`${fact.escape}\` is not an escape sequence`,
    help: ESCAPE_HELP.get(fact.escape) ?? ESCAPE_HELP.get('\\')!,
    fix:
      fact.escape === "\\'" ? "'" : ESCAPE_HELP.has(fact.escape) ? undefined : `\\${fact.escape}`,
  }),
  'invalid-code-point': (fact) => ({
    message: `\`${fact.escape}\` stands for no character`,
    help: 'octal ends at `\\377`, Unicode at `\\U0010FFFF` and without `\\uD800` to `\\uDFFF`',
  }),
  'invalid-number': (fact) => ({
    message: `the number ${fact.text} has an exponent without digits`,
    help: `write digits after it, such as ${fact.text}3`,
  }),
  'incomplete-operator': (fact) => ({
    message: `\`${fact.operator}\` is not an operator`,
    help: `write \`${fact.operator}${fact.operator}\``,
    fix: fact.operator + fact.operator,
  }),
  'expected-statement': (fact) => ({
    message: `expected the name of an attribute or a block, and found ${fact.found}`,
    help: 'a statement is `name = value` or `name "label" { ... }`',
  }),
  'unmatched-close': (fact) => ({
    message: `this \`${fact.close}\` closes nothing`,
    help: 'remove it, or add the bracket that it should close',
    fix: '',
  }),
  'expected-name': (fact) => ({ message: `expected a name after \`.\`, and found ${fact.found}` }),
  'incomplete-statement': (fact) => ({
    message: `expected ${fact.expected} after "${fact.name}", and found ${fact.found}`,
    help:
      fact.expected === '`{`'
        ? `write ${fact.name} { ... }`
        : `write ${fact.name} = value for an attribute, or ${fact.name} { ... } for a block`,
  }),
  'unquoted-label': (fact) => ({
    message: `the label ${fact.label} needs double quotes`,
    help: `write "${fact.label}"`,
    fix: `"${fact.label}"`,
  }),
  'raw-label': () => ({
    message: 'a label stands in double quotes, not in back quotes',
    help: 'write "..."',
    fix: (marked) => `"${marked.slice(1, -1)}"`,
  }),
  'invalid-label': (fact) => ({
    message: `the label "${fact.label}" is not a name`,
    help: `a label has letters, digits and "_" only, such as "${fact.suggestion}"`,
    fix: `"${fact.suggestion}"`,
  }),
  'dotted-attribute': (fact) => ({
    message: `"${fact.name}" cannot be set: the name of an attribute has no "."`,
    help: 'write the attribute inside the block it belongs to',
  }),
  'labeled-attribute': (fact) => ({
    message: `the attribute "${fact.name}" cannot have a label`,
    help: 'remove the label, or the `=` if a block is meant',
  }),
  'expected-line-end': (fact) => ({
    message: `expected the end of the line, and found ${fact.found}`,
    help: 'start the next statement on a line of its own',
  }),
  unclosed: (fact) => ({ message: `expected \`${fact.close}\`, and found ${fact.found}` }),
  'expected-value': (fact) => ({ message: `expected a value, and found ${fact.found}` }),
  'expected-end': (fact) => ({
    message: `expected the end of the expression, and found ${fact.found}`,
  }),
  'expected-comma': (fact) => ({
    message: `expected \`,\` or \`${fact.close}\`, and found ${fact.found}`,
  }),
  'missing-comma': (fact) => ({
    message: `a \`,\` is missing after this ${fact.what}`,
    help: `add a \`,\`; the last ${fact.what} needs one if \`${fact.close}\` is on a later line`,
    fix: (marked) => `${marked},`,
  }),
  'expected-field': (fact) => ({
    message: `expected the name of a field, and found ${fact.found}`,
    help: 'a field is `name = value` or `"name" = value`',
  }),
  'expected-assignment': (fact) => ({
    message: `expected \`=\` after the field "${fact.name}", and found ${fact.found}`,
  }),
  'block-as-value': (fact) => ({
    message: 'a block cannot be a value',
    help:
      fact.name === undefined
        ? 'write the block as a statement of its own'
        : `write the block as a statement of its own, and refer to it as ${fact.name}`,
  }),
  'too-deep': (fact) => ({
    message: `this is nested more than ${fact.limit} levels deep`,
    help: 'split it up: nest less',
  }),
}

const CHARACTER_HELP: ReadonlyMap<string, string> = new Map([
  ['?', 'there is no conditional operator; coalesce(a, b) gives the first value that is not empty'],
  ['$', 'strings are put together with `+` or string.format'],
  ['\\', 'put the text in double quotes'],
  ['“', 'use the plain quote `"`'],
  ['”', 'use the plain quote `"`'],
  ['„', 'use the plain quote `"`'],
  ['‘', 'use the plain quote `"`'],
  ['’', 'use the plain quote `"`'],
  ['\u00a0', 'use a plain space: this one is a no-break space'],
])

const PLAIN_CHARACTER: ReadonlyMap<string, string> = new Map([
  ['“', '"'],
  ['”', '"'],
  ['„', '"'],
  ['\u00a0', ' '],
])

const ESCAPE_HELP: ReadonlyMap<string, string> = new Map([
  ['\\', 'write `\\\\` for a backslash, or put the text between back quotes'],
  ["\\'", "write `'` alone: a single quote needs no backslash"],
  ['\\x', 'two hexadecimal digits follow `\\x`'],
  ['\\u', 'four hexadecimal digits follow `\\u`'],
  ['\\U', 'eight hexadecimal digits follow `\\U`; write `\\\\` for a backslash'],
])

/** Invisible characters go by their number. */
function named(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character)
    ? `the character \`${character}\``
    : `the character U+${code}`
}
