import { checkHttpPoll, HttpPoll, httpPollFields } from '#net'
import { type ArgumentsOf, attributes } from '#sdk'
import { checksumField } from './checksum.js'
import { IMPORT_BYTES_MAX, type ImportKind } from './import-kind.js'

const schema = attributes({ ...httpPollFields, checksum: checksumField }, checkHttpPoll)

export const importHttp: ImportKind<ArgumentsOf<typeof schema>> = {
  definition: {
    name: 'import.http',
    stability: 'generally-available',
    about: 'Imports modules from an HTTP server, again whenever its answer changes.',
    schema,
  },
  sourceOf: ({ url, method, body }) => `${method} ${url} ${body}`,
  read: async (values, { folder }, world, giveUp) => {
    const poll = await HttpPoll.open(values, world, IMPORT_BYTES_MAX)
    try {
      const text = await poll.ask(giveUp)
      return { texts: [{ name: nameOf(values.url), text }], folder }
    } finally {
      await poll.close(AbortSignal.abort())
    }
  },
  everyMs: ({ poll_frequency }) => poll_frequency,
  checksum: ({ checksum }) => checksum,
}

/** Without what may be secret. */
function nameOf(text: string): string {
  const { origin, pathname } = new URL(text)
  return origin + pathname
}
