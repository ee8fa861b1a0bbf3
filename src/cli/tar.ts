/**
 * A tar archive of small text files (POSIX ustar). Each file is a header of 512 bytes and its
 * content, filled up to a multiple of 512; two blocks of zeros end the archive. Header fields, by
 * offset: 0 name, 100 mode, 108 owner, 116 group, 124 size, 136 time, 148 checksum, 156 type,
 * 257 magic. Numbers are octal text.
 */
import { Permanent } from '#sdk'

export interface TarFile {
  /** At most 100 bytes. */
  readonly name: string
  readonly content: Uint8Array
}

const BLOCK = 512
const NAME_BYTES_MAX = 100

/** `modifiedAt`: milliseconds since the epoch, of all of them. */
export function tar(files: readonly TarFile[], modifiedAt: number): Buffer {
  const parts = files.flatMap(({ name, content }) => {
    const fill = (BLOCK - (content.length % BLOCK)) % BLOCK
    return [header(name, content.length, modifiedAt), content, Buffer.alloc(fill)]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

function header(name: string, size: number, modifiedAt: number): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES_MAX) {
    throw new Permanent(`the name ${name} is too long for an archive`)
  }
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0)
  const numbers: readonly (readonly [number, number, number])[] = [
    [0o600, 100, 7],
    [0, 108, 7],
    [0, 116, 7],
    [size, 124, 11],
    [Math.floor(modifiedAt / 1000), 136, 11],
  ]
  for (const [value, at, digits] of numbers)
    block.write(value.toString(8).padStart(digits, '0'), at)
  // The checksum counts itself as blanks.
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
