import { type ast, type Diagnostic, diagnose } from '#grammar'
import type { Definition, Schema, Stability, Value } from '#sdk'
import { blockFault, duplicateFault, idOf, labelFault } from '../collect.js'
import type { Written } from '../decode-body.js'
import { readSwitch, schemaWithSwitch } from '../enabled.js'
import type { Environment } from '../environment.js'
import type { ExportsOf } from '../program.js'
import type { Registry } from '../registry.js'
import { standInsFor } from '../stand-ins.js'
import { Unknown } from '../unknown.js'
import { AttributeBinding, type Binding, ConstantBinding, readBinding } from './binding.js'
import { foreachBlock } from './blocks.js'
import { type Frame, frameOf, inFrame, OPAQUE } from './frame.js'
import { ItemBinding, itemsOf, type Naming, sameItems } from './items.js'
import { type Declare, isImport, type Lexical } from './lexical.js'
import { misplaced, type Place, tooDeep } from './places.js'
import { argumentBinding, type Signature, signatureOf } from './signature.js'

/** A body to be checked, in the frame that its names are looked for in. */
export interface Body {
  /** What messages call it. */
  readonly owner: string
  readonly written: Written
  readonly schema: Schema
  readonly frame: Frame
}

/** A block that runs: a component, a config block, an import or a foreach. */
export interface Declared {
  readonly id: string
  readonly definition: Definition
  readonly block: ast.Block
  readonly frame: Frame
}

/** The collection of a foreach that depends on what runs: whether it is still what it was. */
export type Input = (exportsOf: ExportsOf) => boolean

export interface ExpandOptions {
  readonly registry: Registry
  readonly stability: Stability
  readonly environment: Environment
}

/** What may be expanded to, and how deep modules may be in each other. */
const COMPONENTS_MAX = 20_000
const DEPTH_MAX = 32

/** Turns modules and templates into the components they are made of. */
export class Expansion {
  readonly declared: Declared[] = []
  readonly bodies: Body[] = []
  readonly bindings: Binding[] = []
  readonly inputs: Input[] = []
  readonly switchedOff: Pick<Declared, 'frame' | 'block'>[] = []
  readonly diagnostics: Diagnostic[] = []
  readonly standIns = new Map<string, ReadonlyMap<string, Value>>()
  readonly #options: ExpandOptions
  readonly #running: ExportsOf
  readonly #signatures = new Map<ast.Block, Signature>()
  /** Templates are expanded last: what their collections need must be there. */
  readonly #templates: (() => void)[] = []
  #isTooMuch = false

  constructor(options: ExpandOptions, running: ExportsOf) {
    this.#options = options
    this.#running = running
  }

  /** Everything behind the text of a config. */
  expand(lexical: Lexical): void {
    const root = frameOf(lexical, { prefix: '' })
    this.diagnostics.push(...lexical.diagnostics)
    this.#fill(root, lexical.statements, 'root')
    this.#imported(lexical, root)
    this.#expandTemplates()
    for (const declare of lexical.everyDeclare()) if (!declare.used) this.#phantom(declare)
    this.#expandTemplates()
  }

  #expandTemplates(): void {
    for (let next = this.#templates.shift(); next; next = this.#templates.shift()) next()
  }

  #fill(frame: Frame, statements: readonly ast.Statement[], place: Place): void {
    const blocks = new Map<string, ast.Block>()
    for (const statement of statements) {
      if (this.#isTooMuch) return
      if (statement.kind === 'attribute') {
        const { text: name, span } = statement.name
        this.#report(frame, diagnose('stray-attribute', span, { name }))
        continue
      }
      const fault = misplaced(statement, place, this.#options.registry)
      if (fault) {
        this.#report(frame, fault)
        if (!frame.members.has(idOf(statement))) frame.members.set(idOf(statement), OPAQUE)
        continue
      }
      this.#block(frame, statement, blocks)
    }
  }

  #block(frame: Frame, written: ast.Block, blocks: Map<string, ast.Block>): void {
    const id = idOf(written)
    const module = frame.lexical.find(written.name)
    const definition = module ? undefined : this.#options.registry.get(written.name)
    const fault = module
      ? labelFault(written, true)
      : (this.#missing(frame, written) ??
        blockFault(written, definition, this.#options.registry, this.#options.stability, () =>
          frame.lexical.names(),
        ))
    if (fault) {
      this.#report(frame, fault)
      if (!frame.members.has(id)) frame.members.set(id, OPAQUE)
      return
    }
    // Declare blocks and imports know theirs.
    if (written.name === 'declare' || isImport(written)) return
    const block = this.#enabled(frame, written, module, definition)
    if (!block) return
    const earlier = blocks.get(id)
    if (earlier) {
      this.#report(frame, duplicateFault(block, id, earlier, definition?.kind === 'config'))
      return
    }
    blocks.set(id, block)
    if (module === 'opaque') frame.members.set(id, OPAQUE)
    else if (module) this.#instance(frame, block, module)
    else if (block.name === 'foreach') this.#foreach(frame, block)
    else if (definition!.kind === 'module') this.#part(frame, block, definition!)
    else this.#component(frame, block, definition!)
  }

  /** The block without its switch; undefined where that is off, or faulty. */
  #enabled(
    frame: Frame,
    block: ast.Block,
    module: Declare | 'opaque' | undefined,
    definition: Definition | undefined,
  ): ast.Block | undefined {
    const schema = module ? this.#schemaOf(module) : schemaWithSwitch(definition)
    const switched = schema && readSwitch(block, schema, frame, this.#options.environment)
    if (!switched) return block
    for (const one of switched.diagnostics) this.#report(frame, one)
    if (switched.enabled === true) return switched.block
    this.switchedOff.push({ frame, block: switched.block })
    const id = idOf(block)
    // Of two with one name, one switched off, the other stands.
    if (!frame.members.has(id)) {
      const off = { kind: 'disabled', at: switched.at } as const
      frame.members.set(id, switched.enabled === false ? off : OPAQUE)
    }
    return undefined
  }

  #schemaOf(module: Declare | 'opaque'): Schema | undefined {
    return module === 'opaque' ? undefined : this.#signatureOf(module).schema
  }

  /** A name within an import that the import does not have. */
  #missing(frame: Frame, block: ast.Block): Diagnostic | undefined {
    const namespace = frame.lexical.namespaceOf(block.name)
    if (!namespace) return undefined
    const names = [...(namespace.content?.declares.keys() ?? [])]
    const facts = { name: block.name, import: namespace.id, names }
    const note = { message: 'the import is here', at: namespace.block.head }
    return diagnose('not-imported', block.nameSpan, facts, [note])
  }

  #component(frame: Frame, block: ast.Block, definition: Definition): void {
    const id = frame.prefix + idOf(block)
    if (this.declared.length >= COMPONENTS_MAX) {
      const message = `this config stands for more than ${COMPONENTS_MAX} components`
      this.#isTooMuch = true
      this.#report(frame, diagnose('expansion-limit', block.head, { message }))
      return
    }
    this.declared.push({ id, definition, block, frame })
    frame.members.set(idOf(block), { kind: 'component', id, definition })
    this.standIns.set(
      id,
      standInsFor(id, definition, (name) => {
        const attribute = block.body.find((one) => isNamed(one, name))
        if (!attribute) return false
        return this.#read(new AttributeBinding(`${id}/${name}`, attribute, frame)) === true
      }),
    )
  }

  /** An argument or export block. */
  #part(frame: Frame, written: ast.Block, { name, schema }: Definition): void {
    this.bodies.push({ owner: name, written, schema, frame })
  }

  #instance(frame: Frame, block: ast.Block, declare: Declare): void {
    const local = idOf(block)
    const id = frame.prefix + local
    const at = frame.modules.indexOf(declare.block)
    if (at >= 0 || frame.modules.length >= DEPTH_MAX) {
      this.#report(frame, tooDeep(block, frame.modules.slice(Math.max(at, 0)), at >= 0))
      frame.members.set(local, OPAQUE)
      return
    }
    declare.used = true
    const { parameters, exports, schema } = this.#signatureOf(declare)
    this.bodies.push({ owner: block.name, written: block, schema, frame })
    const given = new Map<string, Binding>()
    const inner = frameOf(declare.inner, {
      prefix: `${id}/`,
      arguments: given,
      modules: [...frame.modules, declare.block],
      notes: [{ message: `in ${id}`, at: block.head }, ...declare.inner.notes, ...frame.notes],
      isPhantom: frame.isPhantom,
      isIdle: frame.isIdle,
    })
    for (const [name, parameter] of parameters) {
      given.set(
        name,
        argumentBinding(`${id}/argument.${name}`, name, parameter, block, frame, inner),
      )
    }
    this.#enter(frame, local, id, inner, declare, exports)
    this.bindings.push(...given.values())
  }

  #enter(
    frame: Frame | undefined,
    local: string,
    id: string,
    inner: Frame,
    declare: Declare,
    exports: Signature['exports'],
  ): void {
    const given = new Map<string, Binding>()
    for (const [name, block] of exports) {
      const value = block.body.find((one) => isNamed(one, 'value'))
      const bindingId = `${id}/export.${name}`
      given.set(
        name,
        value
          ? new AttributeBinding(bindingId, value, inner)
          : new ConstantBinding(bindingId, new Unknown()),
      )
    }
    frame?.members.set(local, { kind: 'module', exports: given })
    this.bindings.push(...given.values())
    this.#fill(inner, declare.block.body, 'module')
  }

  /** A module that nobody uses is checked all the same. */
  #phantom(declare: Declare): void {
    declare.used = true
    const { parameters, exports } = this.#signatureOf(declare)
    const id = `declare.${declare.block.label!.text}`
    const given = new Map<string, Binding>()
    for (const name of parameters.keys()) {
      given.set(name, new ConstantBinding(`${id}/argument.${name}`, new Unknown()))
    }
    const inner = frameOf(declare.inner, {
      prefix: `${declare.inner.prefix}`,
      arguments: given,
      modules: [declare.block],
      notes: declare.inner.notes,
      isPhantom: true,
      isIdle: declare.inner.isImported,
    })
    this.#enter(undefined, id, id, inner, declare, exports)
  }

  #foreach(frame: Frame, block: ast.Block): void {
    const id = frame.prefix + idOf(block)
    const templates = block.body.filter((one) => one.kind === 'block' && one.name === 'template')
    const [template, second] = templates as readonly ast.Block[]
    const body = block.body.filter((one) => !templates.includes(one))
    const own = { ...block, body }
    this.#component(frame, own, foreachBlock)
    frame.members.delete(idOf(block))
    if (!template) {
      const facts = { owner: 'foreach', name: 'template' }
      this.#report(frame, diagnose('missing-block', block.head, facts))
      return
    }
    if (second) this.#report(frame, duplicateFault(second, 'template', template, true))
    if (template.label) this.#report(frame, labelFault(template, false)!)
    this.#templates.push(() => this.#template(frame, id, own, template))
  }

  #template(frame: Frame, id: string, block: ast.Block, template: ast.Block): void {
    const attribute = (name: string) => block.body.find((one) => isNamed(one, name))
    const collection = attribute('collection')
    const value = (name: string): Value => {
      const found = attribute(name)
      return found ? this.#read(new AttributeBinding(`${id}/${name}`, found, frame)) : null
    }
    const variable = value('var')
    const field = value('id')
    const naming: Naming = {
      id: typeof field === 'string' ? field : '',
      hash: value('hash_string_id') === true,
    }
    if (!collection || typeof variable !== 'string') return
    const binding = new AttributeBinding(`${id}/collection`, collection, frame)
    const items = this.#read(binding)
    if (binding.references.length > 0) {
      this.inputs.push((now) => sameItems(items, this.#read(binding, now), naming))
    }
    const known = itemsOf(items, naming) ?? []
    if (known.length === 0) {
      const one = new ConstantBinding(`${id}/item`, new Unknown())
      this.#item({ ...frame, isPhantom: true }, `${id}/item/`, template, variable, one)
    }
    for (const item of known) {
      const one = new ItemBinding(`${id}/${item.key}`, item, binding, naming)
      this.#item(frame, `${id}/${item.key}/`, template, variable, one)
    }
  }

  #item(around: Frame, prefix: string, template: ast.Block, name: string, binding: Binding): void {
    const variable = { name, binding }
    const frame = { ...around, prefix, around, members: new Map(), arguments: undefined, variable }
    this.#fill(frame, template.body, 'template')
  }

  /** Under the exports of what runs, and stand-ins for what does not. */
  #read(binding: Binding, running: ExportsOf = this.#running): Value {
    const exportsOf: ExportsOf = (id) => running(id) ?? this.standIns.get(id)
    const { environment } = this.#options
    return readBinding(binding, { exportsOf, environment, lenient: true, memo: new Map() })
  }

  /** Imports are nodes too, wherever they stand, and what they bring is looked into. */
  #imported(lexical: Lexical, frame: Frame): void {
    for (const { block, id, content } of lexical.namespaces.values()) {
      const definition = this.#options.registry.get(block.name)
      if (definition) this.declared.push({ id, definition, block, frame })
      if (!content) continue
      const inner = frameOf(content, { prefix: content.prefix, notes: content.notes })
      this.#fill(inner, content.statements, 'import')
      this.#imported(content, inner)
    }
    for (const { inner } of lexical.declares.values()) {
      this.#imported(inner, frameOf(inner, { prefix: inner.prefix, notes: inner.notes }))
    }
  }

  #signatureOf({ block }: Declare): Signature {
    const known = this.#signatures.get(block)
    if (known) return known
    const signature = signatureOf(block, this.#options.environment)
    this.#signatures.set(block, signature)
    return signature
  }

  #report(frame: Frame, diagnostic: Diagnostic): void {
    this.diagnostics.push(inFrame(frame, diagnostic))
  }
}

function isNamed(statement: ast.Statement, name: string): statement is ast.Attribute {
  return statement.kind === 'attribute' && statement.name.text === name
}
