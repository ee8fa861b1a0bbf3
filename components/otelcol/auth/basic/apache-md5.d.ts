declare module 'apache-md5' {
  /** The Apache MD5 hash of a password, salted as `hash` is. */
  const md5: (password: string, hash?: string) => string
  export default md5
}
