import { type FieldTable, isMessage, MESSAGES, type MessageName } from '#wire'

/** A message type as views need it. */
export interface Shape {
  readonly name: MessageName
  /** By field number. */
  readonly fields: readonly (FieldTable | undefined)[]
  /** The field that holds its attributes; 0 where it has none. */
  readonly attributes: number
  /** The fields on the way to the items: a message that loses all of them goes with them. */
  readonly carriers: readonly number[]
}

/** Field numbers from the request down, which are the same for all three signals of OTLP. */
export const LAYOUT = {
  /** In a request: the ResourceSpans, ResourceMetrics or ResourceLogs. */
  resources: 1,
  resource: 1,
  scopes: 2,
  scope: 1,
  /** In a ScopeSpans, ScopeMetrics or ScopeLogs: spans, metrics or log records. */
  records: 2,
  /** In a gauge, sum, histogram or summary. */
  points: 1,
} as const

const shapes = new Map<MessageName, Shape>()

export function shapeOf(name: MessageName): Shape {
  let shape = shapes.get(name)
  if (!shape) {
    shape = makeShape(name)
    shapes.set(name, shape)
  }
  return shape
}

/** The shape of the messages in a field. The field must be of a message type. */
export function childShape(shape: Shape, number: number): Shape {
  const type = shape.fields[number]?.type
  if (type === undefined || !isMessage(type)) {
    throw new Error(`bug: field ${number} of ${shape.name} holds no message`)
  }
  return shapeOf(type)
}

export function isItem(shape: Shape, number: number): boolean {
  return shape.fields[number]?.item === true
}

export function isCompanion(shape: Shape, number: number): boolean {
  return shape.fields[number]?.companion === true
}

const ATTRIBUTE_FIELDS = ['attributes', 'filteredAttributes', 'metadata']

function makeShape(name: MessageName): Shape {
  const table = MESSAGES[name]
  const fields: (FieldTable | undefined)[] = []
  for (const field of Object.values(table)) fields[field.number] = field
  const attributes = ATTRIBUTE_FIELDS.find((field) => table[field]?.type === 'KeyValue')
  return {
    name,
    fields,
    attributes: attributes === undefined ? 0 : table[attributes]!.number,
    carriers: Object.values(table)
      .filter(leadsToItems)
      .map(({ number }) => number),
  }
}

function leadsToItems({ item, type }: FieldTable): boolean {
  if (item) return true
  // Values nest without end and hold no items.
  if (!isMessage(type) || type === 'KeyValue' || type === 'AnyValue') return false
  return Object.values(MESSAGES[type]).some(leadsToItems)
}
