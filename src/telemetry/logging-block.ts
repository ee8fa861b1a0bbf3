import { attributes, choice, type Definition, defineConfigBlock } from '#sdk'
import { LOG_FORMATS, LOG_LEVELS, type Logger } from './logger.js'

const schema = attributes({
  level: choice(LOG_LEVELS, { default: 'info', about: 'The least severe level that is written.' }),
  format: choice(LOG_FORMATS, { default: 'logfmt', about: 'How a line is written.' }),
  destination: choice(['stderr'], { default: 'stderr', about: 'Where lines go.' }),
})

/** The `logging` block: the agent's own log. */
export function loggingBlock(logger: Logger): Definition {
  return defineConfigBlock({
    name: 'logging',
    stability: 'generally-available',
    about: "The agent's own log.",
    schema,
    create: (_, { level, format }) => ({
      activate: () => logger.configure(level, format),
      stop: () => Promise.resolve(),
    }),
  })
}
