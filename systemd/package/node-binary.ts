import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The runtime in packages: npm packages that hold the official binary, with what they hash to. */
const NODE_VERSION = '24.21.0'
const INTEGRITIES: Readonly<Record<string, string>> = {
  x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64:
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
}

/** The path of a Node binary without symbols, fetched once into `folder`. */
export function nodeBinary(folder: string, arch: string, given: string | undefined): string {
  mkdirSync(folder, { recursive: true })
  const binary = join(folder, `node-${NODE_VERSION}-${arch}`)
  if (given === undefined && existsSync(binary)) return binary
  const into = given === undefined ? binary : join(folder, 'node-given')
  cpSync(given ?? fetched(folder, arch), into)
  // A fifth of the binary is symbols; without binutils the package is larger, and works.
  const script = 'if command -v strip >/dev/null; then strip --strip-unneeded "$1"; fi'
  execFileSync('sh', ['-c', script, '', into])
  return into
}

function fetched(folder: string, arch: string): string {
  const integrity = INTEGRITIES[arch]
  if (integrity === undefined) throw new Error(`no Node is known for ${arch}: give one with --node`)
  const name = `node-linux-${arch}`
  const archive = join(folder, `${name}-${NODE_VERSION}.tgz`)
  if (!existsSync(archive)) {
    execFileSync('npm', ['pack', '--silent', `${name}@${NODE_VERSION}`], { cwd: folder })
  }
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (found !== integrity) throw new Error(`${archive} is not what it should be: ${found}`)
  execFileSync('tar', ['-xzf', archive, '-C', folder, 'package/bin/node'])
  return join(folder, 'package/bin/node')
}
