import {
  ERROR,
  FRAME_BYTES_DEFAULT,
  FRAME_BYTES_LIMIT,
  Http2Error,
  SETTING,
  WINDOW_BYTES_MAX,
} from './http2-frames.js'

/** What the other side asked for; undefined where it said nothing. */
export interface PeerSettings {
  tableBytesMax?: number
  concurrentStreamsMax?: number
  initialWindow?: number
  frameBytesMax?: number
}

const ENTRY_BYTES = 6
/** There are six that mean anything. */
const ENTRIES_MAX = 32

/** The payload of a SETTINGS frame, of names (`SETTING`) and values. */
export function settingsPayload(entries: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(entries.length * ENTRY_BYTES)
  for (const [index, [name, value]] of entries.entries()) {
    payload.writeUInt16BE(name, index * ENTRY_BYTES)
    payload.writeUInt32BE(value, index * ENTRY_BYTES + 2)
  }
  return payload
}

/** Throws Http2Error for values that RFC 9113, section 6.5.2 does not permit. */
export function readSettings(payload: Buffer): PeerSettings {
  if (payload.length % ENTRY_BYTES !== 0) {
    throw new Http2Error(ERROR.frameSize, 'SETTINGS of a wrong size')
  }
  if (payload.length > ENTRIES_MAX * ENTRY_BYTES) {
    throw new Http2Error(ERROR.enhanceYourCalm, 'too many settings')
  }
  const settings: PeerSettings = {}
  for (let at = 0; at < payload.length; at += ENTRY_BYTES) {
    const value = payload.readUInt32BE(at + 2)
    switch (payload.readUInt16BE(at)) {
      case SETTING.headerTableSize:
        // The smallest of them must be agreed to, even when a larger one follows.
        settings.tableBytesMax = Math.min(value, settings.tableBytesMax ?? value)
        break
      case SETTING.enablePush:
        if (value > 1) throw new Http2Error(ERROR.protocol, 'SETTINGS_ENABLE_PUSH above 1')
        break
      case SETTING.concurrentStreamsMax:
        settings.concurrentStreamsMax = value
        break
      case SETTING.initialWindowSize:
        if (value > WINDOW_BYTES_MAX) {
          throw new Http2Error(ERROR.flowControl, 'SETTINGS_INITIAL_WINDOW_SIZE too large')
        }
        settings.initialWindow = value
        break
      case SETTING.frameBytesMax:
        if (value < FRAME_BYTES_DEFAULT || value > FRAME_BYTES_LIMIT) {
          throw new Http2Error(ERROR.protocol, 'SETTINGS_MAX_FRAME_SIZE out of range')
        }
        settings.frameBytesMax = value
    }
  }
  return settings
}
