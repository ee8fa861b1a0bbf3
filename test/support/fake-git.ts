import { basename, join } from 'node:path'
import type { Programs } from './module-agent.js'

/** Texts by their paths, by the name of the repository. */
type Repositories = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The program git as far as imports call it: what it fetches it writes with `put`. */
export function fakeGit(
  repositories: Repositories,
  put: (path: string, text: string) => void,
): Programs {
  const fetched = new Map<string, string>()
  return {
    temporary: '/tmp',
    run: async (_, args) => {
      const folder = args[args.indexOf('-C') + 1]!
      if (args.includes('fetch')) fetched.set(folder, basename(args.at(-2)!))
      if (!args.includes('checkout')) return ''
      const name = fetched.get(folder)!
      const files = repositories[name]
      if (!files) throw new Error(`there is no repository ${name}`)
      for (const [path, text] of Object.entries(files)) put(join(folder, path), text)
      return ''
    },
  }
}
