/** The `tls` blocks of servers and clients. */
import { checkTls, type TlsConfig } from '#net'
import {
  attributes,
  block,
  boolean,
  duration,
  list,
  type Problem,
  secret,
  string,
  type,
} from '#sdk'

const COMMON = {
  ca_pem: string({ about: 'What certificates of the other side are signed by, as text.' }),
  ca_file: string({ about: 'What certificates of the other side are signed by, as a path.' }),
  cert_pem: string({ about: 'The certificate, as text.' }),
  cert_file: string({ about: 'The certificate, as a path.' }),
  key_pem: secret({ about: 'The private key, as text.' }),
  key_file: string({ about: 'The private key, as a path.' }),
  cipher_suites: list(type.string(), {
    default: [],
    about: 'Suites of TLS 1.2 and older, by names of Go or OpenSSL; empty for all safe ones.',
  }),
  curve_preferences: list(type.string(), {
    default: [],
    about: 'Curves; empty for all safe ones.',
  }),
  include_insecure_cipher_suites: boolean({
    default: false,
    about: 'Lets cipher_suites name insecure ones.',
  }),
  include_system_ca_certs_pool: boolean({
    default: false,
    about: "Trusts the system's authorities besides ca_pem and ca_file.",
  }),
  min_version: string({ default: 'TLS 1.2', about: 'The oldest version allowed.' }),
  max_version: string({ default: 'TLS 1.3', about: 'The newest version allowed.' }),
  reload_interval: duration({
    default: '0s',
    about:
      'How often the files are read again, "0s" never; a broken new file leaves the last good one.',
  }),
  tpm: block(
    attributes(
      {
        enabled: boolean({ default: false, about: 'Keys in a TPM cannot be used.' }),
        path: string({ default: '', about: 'Has no effect.' }),
        owner_auth: string({ default: '', about: 'Has no effect.' }),
        auth: string({ default: '', about: 'Has no effect.' }),
      },
      ({ enabled }) =>
        enabled
          ? [{ path: ['enabled'], message: 'keys in a TPM cannot be used', help: 'use key_file' }]
          : [],
    ),
    { about: "Accepted for Alloy's configs; only with enabled = false." },
  ),
} as const

export const serverTls = block(
  attributes(
    {
      ...COMMON,
      client_ca_file: string({
        about: 'Clients must show a certificate signed by these authorities.',
      }),
    },
    (values) => problems(values, 'server'),
  ),
  { about: 'Serves TLS instead of plain text.' },
)

export const clientTls = block(
  attributes(
    {
      ...COMMON,
      insecure: boolean({ default: false, about: 'Connects in plain text.' }),
      insecure_skip_verify: boolean({ default: false, about: 'Trusts any certificate.' }),
      server_name: string({ about: 'The name the certificate must be for, if not the host.' }),
    },
    (values) => problems(values, 'client'),
  ),
  { absent: 'defaults', about: 'How the connection is secured.' },
)

function problems(values: TlsConfig, side: 'server' | 'client'): readonly Problem[] {
  return checkTls(values, side).map(({ field, message }) => ({ path: [field], message }))
}
