export const MESSAGE_ONE = 'prometheus.WriteRequest'
export const MESSAGE_TWO = 'io.prometheus.write.v2.Request'
export type WriteMessage = typeof MESSAGE_ONE | typeof MESSAGE_TWO

/**
 * The message that a content type stands for (remote-write 2.0, "Content-Type"): without the
 * parameter `proto`, and without any type, that of 1.0. Undefined for any other type.
 */
export function writeMessage(contentType: string): WriteMessage | undefined {
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim())
  if (type !== '' && type!.toLowerCase() !== 'application/x-protobuf') return undefined
  const proto = parameters.find((one) => /^proto\s*=/i.test(one))
  if (proto === undefined) return MESSAGE_ONE
  const name = proto.slice(proto.indexOf('=') + 1).trim()
  return [MESSAGE_ONE, MESSAGE_TWO].find((one) => name === one || name === `"${one}"`) as
    | WriteMessage
    | undefined
}
