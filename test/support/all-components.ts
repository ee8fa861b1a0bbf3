import { components } from '#components'
import type { Definition } from '#sdk'

/** Every component there is, loaded, in the order of their names. */
export async function allComponents(): Promise<readonly Definition[]> {
  const modules = await Promise.all(Object.values(components).map((load) => load()))
  return modules.map((module) => module.default)
}
