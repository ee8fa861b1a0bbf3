import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  choice,
  type Definition,
  defineConfigBlock,
  list,
  type Problem,
  secret,
  string,
  type,
} from '#sdk'
import type { AdminServer } from './admin-server.js'

const TLS_VERSIONS = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const
const CLIENT_AUTH = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const

const tls = attributes(
  {
    cert_pem: string({ about: 'The certificate, as text.' }),
    cert_file: string({ about: 'The certificate, as a path.' }),
    key_pem: secret({ about: 'The private key, as text.' }),
    key_file: string({ about: 'The private key, as a path.' }),
    client_ca_pem: string({ about: 'What client certificates are signed by, as text.' }),
    client_ca_file: string({ about: 'What client certificates are signed by, as a path.' }),
    client_auth_type: choice(CLIENT_AUTH, {
      default: 'NoClientCert',
      about: 'What is asked of clients.',
    }),
    cipher_suites: list(type.string(), {
      default: [],
      about: 'TLS 1.2 suites; empty for all safe ones.',
    }),
    curve_preferences: list(type.string(), {
      default: [],
      about: 'Curves; empty for all safe ones.',
    }),
    min_version: choice(TLS_VERSIONS, { default: 'TLS12', about: 'The oldest version allowed.' }),
    max_version: choice(TLS_VERSIONS, { default: 'TLS13', about: 'The newest version allowed.' }),
  },
  (values) => [
    ...exactlyOne(values, 'cert_pem', 'cert_file'),
    ...exactlyOne(values, 'key_pem', 'key_file'),
    ...(values.client_ca_pem && values.client_ca_file
      ? [
          {
            path: ['client_ca_pem'],
            message: 'client_ca_pem and client_ca_file exclude each other',
          },
        ]
      : []),
  ],
)

export const httpSchema = attributes({
  tls: block(tls, { about: 'Serves HTTPS instead of HTTP.' }),
  auth: block(
    attributes({
      basic: block(
        attributes({
          username: string({ required: true, about: 'The user.' }),
          password: secret({ required: true, about: 'The password.' }),
        }),
        { about: 'HTTP basic authentication.' },
      ),
      bearer: block(
        attributes({
          token: secret({ required: true, about: 'The token; a browser gives it as password.' }),
        }),
        { about: 'A token in the Authorization header.' },
      ),
      filter: block(
        attributes({
          paths: list(type.string(), { default: [], about: 'Path prefixes the filter is about.' }),
          authenticate_matching_paths: boolean({
            default: true,
            about: 'true: only these paths ask for credentials; false: all others do.',
          }),
        }),
        { about: 'Which paths ask for credentials; without it, all.' },
      ),
    }),
    { about: 'Who may use the pages and the API.' },
  ),
})

export type HttpArguments = ArgumentsOf<typeof httpSchema>

/** The `http` block: how the admin address is served. */
export function httpBlock(server: AdminServer): Definition {
  return defineConfigBlock({
    name: 'http',
    stability: 'generally-available',
    about: 'TLS and credentials of the admin address: pages, API, metrics.',
    schema: httpSchema,
    create: (context, values) => {
      let apply: (() => void) | undefined
      return {
        async start() {
          apply = await server.prepare(values, (path) => context.files.read(path))
        },
        activate: () => apply?.(),
        stop: () => Promise.resolve(),
      }
    },
  })
}

function exactlyOne(
  values: Readonly<Record<string, unknown>>,
  text: string,
  path: string,
): readonly Problem[] {
  const [given, file] = [values[text] !== undefined, values[path] !== undefined]
  if (given !== file) return []
  return given
    ? [{ path: [text], message: `${text} and ${path} exclude each other` }]
    : [{ path: [], message: `the certificate is incomplete: ${text} or ${path} is needed` }]
}
