/** Where the module of `number-series.ts` has what. Addresses and sizes are in bytes. */

/** Where decimal digits are written; they end in the middle. */
export const DIGITS_AT = 0
/** How many samples were written. */
export const COUNT_AT = 32
/** Where the next series goes. */
export const END_AT = 36
/** How many bytes of the metric's name pair there are. */
export const NAME_SIZE_AT = 40
/** The newest time of a sample, in milliseconds, of 64 bits. */
export const NEWEST_AT = 48
/** Of each attribute of a point where its AnyValue begins and ends. */
export const ROWS_AT = 128
export const ROW_BYTES = 8
export const ATTRIBUTES_MAX = 64
/** The metric's name as a label pair. */
export const NAME_AT = 1024
export const NAME_BYTES_MAX = 2 * 1024
/** Where a value that is no text is spelled. */
export const TEXT_AT = NAME_AT + NAME_BYTES_MAX
export const TEXT_BYTES_MAX = 1000
/**
 * Programs: how labels are made of points with the same keys.
 *
 *     program    = attributes, steps, size, attribute ..., step ...   (words of 32 bits)
 *     attribute  = address, size       what its KeyValue has in front of the value's length
 *     step       = row, address, size
 *
 * A step writes the bytes it names: as they are (row 0), or as the name of a label whose value is
 * in the row; without bytes, the metric's name. `size` is that of all these bytes.
 */
export const PROGRAMS_AT = 4 * 1024
export const PROGRAMS_BYTES = 60 * 1024
export const PROGRAM_HEAD_BYTES = 12
export const ATTRIBUTE_BYTES = 8
export const STEP_BYTES = 12
/** Requests, as much as fits. */
export const INPUT_AT = 64 * 1024
export const INPUT_BYTES = 128 * 1024
/** What is read past the end of the input has no effect. */
const SLACK_BYTES = 16 * 1024
export const SERIES_AT = INPUT_AT + INPUT_BYTES + SLACK_BYTES
export const SERIES_END = SERIES_AT + 32 * 1024

/** What `points` leaves in its lowest two bits; above them it is where it stopped. */
export const STOP = {
  /** At the end, or at a field that goes beyond it. */
  end: 0,
  /** At a field that is no point, or at a point that is not plain or not of the program. */
  other: 1,
  /** At a point that there is no room for. */
  room: 2,
} as const
