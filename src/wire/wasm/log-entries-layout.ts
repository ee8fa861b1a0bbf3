/** Where the module of `log-entries.ts` has what. Addresses and sizes are in bytes. */

/** Where decimal digits are written; they end in the middle. */
export const DIGITS_AT = 0
/** How many entries were written. */
export const COUNT_AT = 32
/** The severity of the record that no entry was written for. */
export const SEVERITY_AT = 36
/** How many bytes of the tail there are. */
export const TAIL_SIZE_AT = 40
/** Where the next entry of each slot goes; slots are numbered from 1. */
export const ENDS_AT = 64
export const SLOTS = 32
/** A byte for each severity: its slot, or 0. */
export const SLOT_OF_AT = 256
export const SEVERITIES = 32
/** What lines end with. */
export const TAIL_AT = 512
export const TAIL_BYTES_MAX = 8 * 1024
/** The fields of a ScopeLogs, as many as fit. */
export const INPUT_AT = 16 * 1024
export const INPUT_BYTES = 128 * 1024
/** What is read past the end of the input has no effect. */
const SLACK_BYTES = 16 * 1024
const SLOTS_AT = INPUT_AT + INPUT_BYTES + SLACK_BYTES
export const SLOT_BYTES = 32 * 1024

/** Where the entries of a slot begin. */
export function slotAt(slot: number): number {
  return SLOTS_AT + (slot - 1) * SLOT_BYTES
}

/** What `run` leaves in its lowest two bits; above them it is where it stopped. */
export const STOP = {
  /** At the end, or at a field that goes beyond it. */
  end: 0,
  /** At a field that is no record, or at a record that is not plain. */
  other: 1,
  /** At a record whose severity has no slot, or whose slot has no room for it. */
  slot: 2,
} as const
