import { hostname } from 'node:os'

/** What expressions can learn of the machine and the process. */
export interface Environment {
  /** The value of an environment variable. */
  env(name: string): string | undefined
  /** What `constants` holds: `hostname`, `os`, `arch` and `version`. */
  readonly constants: ReadonlyMap<string, string>
  /**
   * To see what Alloy would say: additions to its language are refused, and both sides of `&&` and
   * `||` are evaluated.
   */
  readonly strictAlloy?: boolean
}

/** Operating systems and processors by Go's names, where Node has others. */
const OS_NAMES: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' }
const ARCH_NAMES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  mipsel: 'mipsle',
  ppc64: 'ppc64le',
}

/** The environment of this process. `version` is the program's own, such as "0.1.0". */
export function systemEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  version: string,
): Environment {
  const { platform, arch } = process
  return {
    env: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    constants: new Map([
      ['hostname', hostname()],
      ['os', OS_NAMES[platform] ?? platform],
      ['arch', ARCH_NAMES[arch] ?? arch],
      ['version', version.startsWith('v') ? version : `v${version}`],
    ]),
  }
}
