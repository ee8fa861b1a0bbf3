import { type CheckOptions, checkConfig } from '#config'
import { diagnosticToJson, hasErrors, renderDiagnostics } from '#grammar'
import { systemFiles } from '#sdk'
import type { ExitCode, Io } from './io.js'

/** Says everything that is wrong with each config, without running anything. */
export async function check(
  paths: readonly string[],
  json: boolean,
  options: CheckOptions,
  io: Io,
): Promise<ExitCode> {
  const all = []
  for (const path of paths) {
    const { diagnostics } = await checkConfig(path, systemFiles, io.input, options)
    all.push(...diagnostics)
  }
  if (json) io.out(`${JSON.stringify(all.map(diagnosticToJson), undefined, 2)}\n`)
  else if (all.length > 0) io.err(renderDiagnostics(all, io))
  return hasErrors(all) ? 1 : 0
}
