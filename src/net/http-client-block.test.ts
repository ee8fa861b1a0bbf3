import { expect, test } from 'vitest'
import { attributes, defineExtension } from '#sdk'
import { checkBody } from '#support'
import { checkHttpClient, httpClientFields } from './http-client-block.js'

const component = defineExtension({
  name: 'test.client',
  stability: 'generally-available',
  about: 'Asks something.',
  schema: attributes(httpClientFields, checkHttpClient),
  exports: {},
  create: () => ({ stop: async () => {} }),
})

/** The text a diagnostic marks, and what it says. */
function faults(body: string): readonly string[] {
  return checkBody(component, body).diagnostics.map(({ at, message }) => {
    return `${at.source.text.slice(at.start, at.end)}: ${message}`
  })
}

const OAUTH2 = 'client_id = "me"\ntoken_url = "http://auth/token"'

const ROWS: readonly (readonly [body: string, ...faults: string[]])[] = [
  [''],
  ['bearer_token = "a"'],
  ['bearer_token = ""\nbearer_token_file = "/token"'],
  ['basic_auth { }'],
  ['basic_auth {\nusername = "a"\npassword_file = "/word"\n}'],
  ['authorization {\ntype = "Token"\ncredentials = "a"\n}'],
  [`oauth2 {\n${OAUTH2}\nclient_secret = "s"\nscopes = ["a"]\n}`],
  ['proxy_url = "http://me:word@proxy:3128"\nno_proxy = "10.0.0.0/8"'],
  ['proxy_from_environment = true\nproxy_connect_header = { "X-A" = ["1", "2"] }'],
  ['http_headers = { "X-Scope-OrgID" = ["team"] }'],
  ['tls_config {\nmin_version = "TLS13"\nserver_name = "x"\n}'],
  [
    'bearer_token = "a"\nbearer_token_file = "/token"',
    '"/token": set bearer_token or bearer_token_file, not both',
  ],
  ['bearer_token = "a"\nbasic_auth { }', 'basic_auth: set bearer_token or basic_auth, not both'],
  [
    `authorization { }\noauth2 {\n${OAUTH2}\nclient_secret = "s"\n}`,
    'oauth2: set authorization or oauth2, not both',
  ],
  [
    'basic_auth {\npassword = "a"\npassword_file = "/word"\n}',
    '"/word": set password or password_file, not both',
  ],
  ['authorization {\ntype = "Basic"\n}', '"Basic": authorization cannot be of type "basic"'],
  ['authorization {\ntype = "a b"\n}', '"a b": type is one word, such as "Bearer"'],
  [
    'authorization {\ncredentials = "a"\ncredentials_file = "/a"\n}',
    '"/a": set credentials or credentials_file, not both',
  ],
  ['oauth2 { }', 'oauth2: oauth2 needs client_id'],
  [
    'oauth2 {\nclient_id = "a"\ntoken_url = "auth/token"\n}',
    '"auth/token": oauth2 needs token_url, a URL with http:// or https://',
  ],
  [`oauth2 {\n${OAUTH2}\n}`, 'oauth2: oauth2 needs client_secret or client_secret_file'],
  [`oauth2 {\n${OAUTH2}\nclient_secret = "s"\nno_proxy = "x"\n}`, '"x": no_proxy needs proxy_url'],
  ['no_proxy = "x"', '"x": no_proxy needs proxy_url'],
  [
    'proxy_from_environment = true\nno_proxy = "x"',
    '"x": with proxy_from_environment, no_proxy comes from the environment too',
  ],
  [
    'proxy_from_environment = true\nproxy_url = "http://proxy"',
    '"http://proxy": set proxy_url or proxy_from_environment, not both',
  ],
  [
    'proxy_url = "socks5://proxy"',
    '"socks5://proxy": proxy_url is a URL with http://, such as "http://proxy:3128"',
  ],
  [
    'proxy_connect_header = { a = ["b"] }',
    '{ a = ["b"] }: proxy_connect_header needs proxy_url or proxy_from_environment',
  ],
  [
    'http_headers = { Authorization = ["x"] }',
    '{ Authorization = ["x"] }: http_headers cannot set "Authorization"',
  ],
  ['http_headers = { "X A" = ["x"] }', '{ "X A" = ["x"] }: "X A" is no name of a header'],
  [
    'http_headers = { a = ["x\\ny"] }',
    '{ a = ["x\\ny"] }: the value of "a" has more than one line',
  ],
  [
    'http_headers = { a = "x" }',
    '"x": "http_headers.a" needs a list, each a string or a secret, and got the string "x"',
  ],
  ['tls_config {\nca_file = "/ca"\nca_pem = "x"\n}', '"x": set ca_file or ca_pem, not both'],
  [
    'tls_config {\ncert_file = "/cert"\n}',
    '"/cert": the certificate needs its key: set key_file or key_pem',
  ],
  [
    'tls_config {\nmin_version = "TLS 1.2"\n}',
    '"TLS 1.2": "min_version" needs one of "TLS10", "TLS11", "TLS12", "TLS13", and got the string "TLS 1.2"',
  ],
]

test.each(ROWS)('%j', (body, ...expected) => {
  expect(faults(body)).toEqual(expected)
})
