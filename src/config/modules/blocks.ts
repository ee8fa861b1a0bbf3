/** The blocks that modules are made of. None of them runs by itself but `foreach`. */
import { isIdentifier } from '#grammar'
import {
  any,
  attributes,
  boolean,
  type Definition,
  defineModuleBlock,
  list,
  string,
  type,
} from '#sdk'
import { parseArgumentType } from './argument-type.js'

const declare = defineModuleBlock({
  name: 'declare',
  stability: 'generally-available',
  about: 'Declares a component made of others; its label is the name it is used by.',
  schema: attributes({}),
})

export const argumentBlock = defineModuleBlock({
  name: 'argument',
  stability: 'generally-available',
  about: 'An argument of the declare block it stands in; argument.LABEL.value is what was given.',
  schema: attributes({
    optional: boolean({ default: false, about: 'Whether it may be left out.' }),
    default: any({ about: 'Its value when it is left out; null without.' }),
    comment: string({ default: '', about: 'What it is for.' }),
    type: string({
      default: 'any',
      about:
        'What it must be, such as "string", "list(number)", "secret", "otelcol.Consumer", "block".',
      check: (text) =>
        parseArgumentType(text)
          ? undefined
          : 'a type such as "string", "number", "bool", "duration", "secret", "list(string)", ' +
            '"map(any)", "otelcol.Consumer", "block" or "list(block)"',
    }),
  }),
})

export const exportBlock = defineModuleBlock({
  name: 'export',
  stability: 'generally-available',
  about: 'What the declare block it stands in exports under its label.',
  schema: attributes({ value: any({ required: true, about: 'The value.' }) }),
})

export const foreachBlock = defineModuleBlock({
  name: 'foreach',
  stability: 'experimental',
  about: 'Runs the components of its block "template" once for each item of a list.',
  schema: attributes({
    collection: list(type.any, { required: true, about: 'The items.' }),
    var: string({
      required: true,
      about: 'The name that the item has in the template.',
      check: (text) => (isIdentifier(text) ? undefined : 'a name of letters, digits and _'),
    }),
    id: string({
      default: '',
      about: 'The field of an item that names its components; without it the whole item does.',
    }),
    hash_string_id: boolean({
      default: false,
      about: 'Names components by a hash of the text, for texts that differ in signs only.',
    }),
    enable_metrics: boolean({
      default: false,
      about: 'Has no effect: the components always have metrics.',
    }),
  }),
})

export const moduleBlocks: readonly Definition[] = [
  declare,
  argumentBlock,
  exportBlock,
  foreachBlock,
]
