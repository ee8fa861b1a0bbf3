import { messageOf } from '#sdk'

/** Words for what system calls, name servers and TLS report by code. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBADNAME: 'it is no name',
  EADDRINUSE: 'address in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EAI_AGAIN: 'the name server does not answer',
  EAI_FAIL: 'the name server failed',
  ECONNABORTED: 'connection aborted',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the other side',
  EHOSTUNREACH: 'no route to that host',
  EINVAL: 'invalid address',
  EISDIR: 'it is a directory',
  EMFILE: 'too many open files',
  ENETUNREACH: 'network unreachable',
  ENFILE: 'too many open files on this machine',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOTFOUND: 'unknown host',
  EPERM: 'not permitted',
  EREFUSED: 'the name server refused to answer',
  ESERVFAIL: 'the name server failed',
  ETIMEOUT: 'the name server does not answer',
  EPIPE: 'connection closed by the other side',
  ETIMEDOUT: 'timed out',
  CERT_HAS_EXPIRED: 'the certificate of the other side has expired',
  CERT_NOT_YET_VALID: 'the certificate of the other side is not valid yet',
  CERT_REVOKED: 'the certificate of the other side has been revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed; name it in ca_file to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is signed by an unknown authority; set ca_file',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate is signed by an unknown authority; set ca_file',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate is signed by an unknown authority; set ca_file',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is signed by an unknown authority; set ca_file',
  EPROTO: 'TLS handshake failed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other side does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the other side does not speak TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'no TLS version in common',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'no TLS version in common',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'TLS handshake failed: nothing in common',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the other side asks for a client certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the other side does not know the authority of our certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the other side refused our certificate',
}

/** Why something failed, in plain words; for codes without words, the error's own text. */
export function reasonOf(error: unknown): string {
  const { code, message, reason } = (error ?? {}) as {
    code?: unknown
    message?: string
    reason?: string
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate is for another name; set server_name (${reason ?? message})`
  }
  const words = typeof code === 'string' && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined
  return words ?? messageOf(error)
}
