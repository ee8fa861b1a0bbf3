import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface DebOptions {
  readonly root: string
  /** What `layOut` has made; moved into the package. */
  readonly layout: string
  /** Made; must not be there yet. */
  readonly stage: string
  readonly version: string
  readonly arch: string
  /** The package. */
  readonly into: string
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
/** Kept when they were edited. */
const CONFFILES = ['etc/weir/config.river', 'etc/default/weir']
const SCRIPTS = ['postinst', 'prerm', 'postrm']
/** What the official Node binary is linked to, and what the maintainer scripts call. */
const DEPENDS = 'libc6 (>= 2.28), libstdc++6 (>= 9), libgcc-s1, passwd, init-system-helpers'
const COMPLETIONS: Readonly<Record<string, string>> = {
  bash: 'usr/share/bash-completion/completions/weir',
  zsh: 'usr/share/zsh/vendor-completions/_weir',
  fish: 'usr/share/fish/vendor_completions.d/weir.fish',
}

export function debName(version: string, arch: string): string {
  return `weir_${version}_${architecture(arch)}.deb`
}

/** Makes the package with dpkg-deb, all files root's. */
export function makeDeb({ root, layout, stage, version, arch, into }: DebOptions): void {
  const place = (from: string, to: string, mode = 0o644) => {
    const path = made(stage, to)
    cpSync(join(root, from), path)
    chmodSync(path, mode)
  }
  renameSync(layout, made(stage, 'usr/lib/weir'))
  symlinkSync('../lib/weir/bin/weir', made(stage, 'usr/bin/weir'))
  place('systemd/weir.service', 'usr/lib/systemd/system/weir.service')
  place('systemd/weir.sysusers', 'usr/lib/sysusers.d/weir.conf')
  place('systemd/weir.default', 'etc/default/weir', 0o640)
  place('systemd/config.river', 'etc/weir/config.river', 0o640)
  place('LICENSE', 'usr/share/doc/weir/copyright')
  place('README.md', 'usr/share/doc/weir/README.md')
  const changes = gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 })
  writeFileSync(made(stage, 'usr/share/doc/weir/changelog.gz'), changes)
  for (const [shell, path] of Object.entries(COMPLETIONS)) {
    const program = join(stage, 'usr/lib/weir/bin/weir')
    writeFileSync(made(stage, path), execFileSync(program, ['completion', shell]))
  }
  for (const name of SCRIPTS) place(`systemd/deb/${name}`, `DEBIAN/${name}`, 0o755)
  writeFileSync(made(stage, 'DEBIAN/conffiles'), CONFFILES.map((path) => `/${path}\n`).join(''))
  const kibibytes = execFileSync('du', ['-sk', stage], { encoding: 'utf8' }).split('\t')[0]!
  writeFileSync(made(stage, 'DEBIAN/control'), control(version, arch, kibibytes))
  // Whatever the umask of who builds it: others may read what is no secret.
  execFileSync('chmod', ['-R', 'u+rwX,go-w', stage])
  execFileSync('find', [join(stage, 'usr'), '-type', 'd', '-exec', 'chmod', '755', '{}', '+'])
  execFileSync('find', [join(stage, 'usr'), '-type', 'f', '-exec', 'chmod', 'a+r', '{}', '+'])
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', '-Zxz', stage, into])
}

function control(version: string, arch: string, installedKibibytes: string): string {
  return `Package: weir
Version: ${version}
Architecture: ${architecture(arch)}
Maintainer: Weir developers <weir@localhost>
Installed-Size: ${installedKibibytes}
Depends: ${DEPENDS}
Recommends: systemd
Section: admin
Priority: optional
Description: telemetry agent: OTLP in and out, wired by a River config
 Takes OTLP from the services beside it and delivers it to any OTLP backend.
 What was acknowledged survives a crash; the config is edited while it runs.
 Brings the Node that it runs on.
`
}

function architecture(arch: string): string {
  const name = ARCHITECTURES[arch]
  if (name === undefined) throw new Error(`there is no package for ${arch}`)
  return name
}

function made(stage: string, path: string): string {
  const whole = join(stage, path)
  mkdirSync(dirname(whole), { recursive: true })
  return whole
}
