/** How the tables of messages write their fields. */

/** Protobuf's scalar types, as far as our messages use them. */
export type ScalarType =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'double'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'

export const text = (number: number) => ({ number, type: 'string' }) as const
export const count = (number: number) => ({ number, type: 'uint32' }) as const
export const double = (number: number) => ({ number, type: 'double' }) as const
export const int64 = (number: number) => ({ number, type: 'int64' }) as const
export const many = <T extends string>(number: number, type: T) =>
  ({ number, type, repeated: true }) as const
export const items = <T extends string>(number: number, type: T) =>
  ({ number, type, repeated: true, item: true }) as const
export const oneof = <T extends string>(number: number, type: T, group: string) =>
  ({ number, type, oneof: group }) as const
