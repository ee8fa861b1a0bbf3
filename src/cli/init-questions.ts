import { messageOf } from '#sdk'
import {
  type Credentials,
  DESTINATIONS,
  readService,
  type SecretPlace,
  type Service,
  type Wishes,
} from './init-config.js'
import { Refusal } from './refusal.js'

export interface Questioner {
  /** What was typed, without the newline. */
  ask(question: string): Promise<string>
  err(text: string): void
}

const TRIES_MAX = 3
export const LISTEN = '127.0.0.1'

/** Asks for what flags would say. */
export async function askWishes(questioner: Questioner): Promise<Wishes> {
  const names = Object.entries(DESTINATIONS)
  questioner.err(names.map(([name, { about }]) => `  ${name.padEnd(12)}${about}\n`).join(''))
  const wanted = await asked(questioner, 'Deliver to, several with commas [otlp]: ', (text) => {
    const given = (text || 'otlp').split(',').map((one) => one.trim())
    const unknown = given.find((name) => !Object.hasOwn(DESTINATIONS, name))
    if (unknown !== undefined) throw new Refusal(`there is no destination "${unknown}"`)
    return given
  })
  const services: Service[] = []
  for (const name of wanted) {
    const { endpoint } = DESTINATIONS[name]!
    const question = `Where is ${name} [${endpoint}]: `
    services.push(
      await asked(questioner, question, (text) => readService(`${name}=${text || endpoint}`)),
    )
  }
  const tenant = (await questioner.ask('Tenant, for X-Scope-OrgID [none]: ')).trim()
  const credentials = await askCredentials(questioner)
  const listen = (await questioner.ask(`Listen on [${LISTEN}]: `)).trim() || LISTEN
  return { services, tenant: tenant || undefined, credentials, listen }
}

async function askCredentials(questioner: Questioner): Promise<Credentials | undefined> {
  const kind = await asked(questioner, 'Credentials: none, basic or bearer [none]: ', (text) => {
    const given = text || 'none'
    if (given === 'none' || given === 'basic' || given === 'bearer') return given
    throw new Refusal(`there are no credentials "${given}"`)
  })
  if (kind === 'none') return undefined
  if (kind === 'bearer') return { kind, token: await askPlace(questioner, 'token') }
  const user = await asked(questioner, 'User: ', notEmpty)
  return { kind, user, password: await askPlace(questioner, 'password') }
}

function askPlace(questioner: Questioner, what: string): Promise<SecretPlace> {
  const question = `The ${what} is in: an environment variable, or the /path of a file: `
  return asked(questioner, question, (text) => placeOf(notEmpty(text)))
}

function placeOf(text: string): SecretPlace {
  if (text.startsWith('/')) return { file: text }
  if (/^[A-Za-z_]\w*$/.test(text)) return { variable: text }
  throw new Refusal(`"${text}" is neither the name of a variable nor a path from /`)
}

function notEmpty(text: string): string {
  if (text === '') throw new Refusal('it may not be empty')
  return text
}

/** Asks again for what cannot be read, but not for ever. */
async function asked<T>(
  questioner: Questioner,
  question: string,
  read: (text: string) => T,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const text = (await questioner.ask(question)).trim()
    try {
      return read(text)
    } catch (error) {
      if (!(error instanceof Refusal) || tries === TRIES_MAX) throw error
      questioner.err(`${messageOf(error)}${error.help ? `; ${error.help}` : ''}\n`)
    }
  }
}
