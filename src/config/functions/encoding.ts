/** `encoding.*` */
import { Secret, type Value } from '#sdk'
import { failure } from '../fault.js'
import { Base64Fault, decodeBase64, encodeBase64 } from './base64.js'
import { define } from './definition.js'
import { DocumentFault } from './document-fault.js'
import { parseJson, writeJson } from './json.js'
import { object, text } from './parameters.js'
import { holdsSecret, withoutSecrets } from './secrets.js'
import { decodeQuery, EscapeFault, encodeQuery } from './url.js'
import { parseYaml } from './yaml.js'

function reading(language: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error
    throw failure([0], `this cannot be read as ${language}: ${error.message}`)
  }
}

function writing(write: () => string): string {
  try {
    return write()
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error
    throw failure([0], `this cannot be written: ${error.message}`)
  }
}

function fromBase64(base64: string, alphabet: 'standard' | 'url'): Value {
  try {
    const bytes = decodeBase64(base64, alphabet)
    return utf8Text(bytes) ?? Array.from(bytes, BigInt)
  } catch (error) {
    if (!(error instanceof Base64Fault)) throw error
    throw failure([0], `this is no padded base64: the fault is at character ${error.at + 1}`)
  }
}

function fromQuery(input: string): string {
  try {
    const text = utf8Text(decodeQuery(input))
    if (text !== undefined) return text
  } catch (error) {
    if (!(error instanceof EscapeFault)) throw error
    throw failure(
      [0],
      `"%" must come before two hexadecimal digits, and at character ${error.at + 1} does not`,
    )
  }
  throw failure([0], 'this stands for bytes that are no text in UTF-8')
}

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export const encodingFunctions = [
  define({
    name: 'encoding.from_json',
    about: 'The value a JSON document holds; its numbers are all floats.',
    parameters: [text('json', 'The document.')],
    result: 'any',
    call: ([json]) => reading('JSON', () => parseJson(json, 'floats')),
  }),
  define({
    name: 'encoding.from_yaml',
    about: 'The value the first document of a YAML text holds.',
    parameters: [text('yaml', 'The text.')],
    result: 'any',
    call: ([yaml]) => reading('YAML', () => parseYaml(yaml)),
  }),
  define({
    name: 'encoding.to_json',
    about: 'An object as JSON, with sorted keys; a secret when one is in it.',
    parameters: [object('value', 'The object.')],
    result: 'any',
    call: ([value]) => {
      const json = writing(() => writeJson(withoutSecrets(value)))
      return holdsSecret(value) ? new Secret(json) : json
    },
  }),
  define({
    name: 'encoding.from_base64',
    about: 'What padded base64 holds: a string, or a list of bytes where it is no text.',
    parameters: [text('base64', 'With the alphabet that has "+" and "/".')],
    result: 'any',
    call: ([base64]) => fromBase64(base64, 'standard'),
  }),
  define({
    name: 'encoding.from_URLbase64',
    about: 'What padded base64 for URLs holds: a string, or a list of bytes where it is no text.',
    parameters: [text('base64', 'With the alphabet that has "-" and "_".')],
    result: 'any',
    call: ([base64]) => fromBase64(base64, 'url'),
  }),
  define({
    name: 'encoding.to_base64',
    about: 'A string as padded base64.',
    parameters: [text('text', 'The string.')],
    result: 'string',
    call: ([input]) => encodeBase64(Buffer.from(input), 'standard'),
  }),
  define({
    name: 'encoding.to_URLbase64',
    about: 'A string as padded base64 for URLs.',
    parameters: [text('text', 'The string.')],
    result: 'string',
    call: ([input]) => encodeBase64(Buffer.from(input), 'url'),
  }),
  define({
    name: 'encoding.url_encode',
    about: 'A string escaped for the query of a URL.',
    parameters: [text('text', 'The string.')],
    result: 'string',
    call: ([input]) => encodeQuery(input),
  }),
  define({
    name: 'encoding.url_decode',
    about: 'The string that a part of the query of a URL stands for.',
    parameters: [text('text', 'The escaped string.')],
    result: 'string',
    call: ([input]) => fromQuery(input),
  }),
]
