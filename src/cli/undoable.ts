import { chmod, mkdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf, reasonOf } from '#sdk'
import { Refusal } from './refusal.js'
import type { RunProgram } from './run-program.js'

/** One thing to do, and what takes it back. */
export interface Step {
  /** "write /etc/default/weir" */
  readonly says: string
  /** Resolves with what takes it back, once it is done. */
  do(): Promise<Undo>
}

/** Nothing where there is nothing to take back. */
type Undo = (() => Promise<unknown>) | undefined

/**
 * Does the steps in their order. When one fails, those before it are taken back, newest first, and
 * the failure is thrown with a word on that.
 */
export async function doAll(steps: readonly Step[], tell: (line: string) => void): Promise<void> {
  const done: { readonly says: string; readonly undo: NonNullable<Undo> }[] = []
  for (const { says, do: work } of steps) {
    try {
      const undo = await work()
      if (undo) done.push({ says, undo })
      tell(says)
    } catch (error) {
      const left = await undoAll(done.reverse(), tell)
      const after = left.length > 0 ? `; not undone: ${left.join(', ')}` : '; all is as it was'
      const help = error instanceof Refusal ? error.help : undefined
      throw new Refusal(`did not ${says}: ${messageOf(error)}${after}`, help)
    }
  }
}

/** What could not be taken back. */
async function undoAll(
  done: readonly { readonly says: string; readonly undo: NonNullable<Undo> }[],
  tell: (line: string) => void,
): Promise<readonly string[]> {
  const left: string[] = []
  for (const { says, undo } of done) {
    try {
      await undo()
      tell(`undo: ${says}`)
    } catch (error) {
      left.push(`${says} (${messageOf(error)})`)
    }
  }
  return left
}

/** A file of this text, with the folders above it. */
export function writeStep(path: string, text: string, mode = 0o644): Step {
  return {
    says: `write ${path}`,
    do: async () => {
      const before = await contentOf(path)
      return guarded(path, async () => {
        const made = await mkdir(dirname(path), { recursive: true })
        await writeFile(path, text, { mode })
        await chmod(path, mode)
        return async () => {
          if (before !== undefined) return writeFile(path, before)
          await rm(path)
          if (made !== undefined) await removeEmpty(dirname(path), made)
        }
      })
    },
  }
}

export function linkStep(path: string, target: string): Step {
  return {
    says: `link ${path}`,
    do: () =>
      guarded(path, async () => {
        await mkdir(dirname(path), { recursive: true })
        await rm(path, { force: true })
        await symlink(target, path)
        return () => rm(path)
      }),
  }
}

/** A file, or a folder with all in it; folders do not come back. */
export function removeStep(path: string): Step {
  return {
    says: `remove ${path}`,
    do: async () => {
      const before = await contentOf(path)
      return guarded(path, async () => {
        await rm(path, { recursive: true, force: true })
        return before === undefined ? undefined : () => writeFile(path, before)
      })
    },
  }
}

/** Another program, which must end well; `undo` is what takes back what it did. */
export function programStep(
  run: RunProgram,
  command: readonly [string, ...string[]],
  undo?: () => Promise<unknown>,
): Step {
  return {
    says: `run ${command.join(' ')}`,
    do: async () => {
      await runWell(run, command)
      return undo
    },
  }
}

/** Rejects with what the program says when it does not end well. */
export async function runWell(run: RunProgram, [program, ...args]: readonly [string, ...string[]]) {
  const { code, err } = await run(program, args)
  if (code !== 0) throw new Refusal(err.trim().split('\n')[0] || `it ended with ${code}`)
}

export async function contentOf(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined)
}

/** From `folder` up to `top`, as far as nothing else is in them. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  for (let one = folder; one.startsWith(top); one = dirname(one)) {
    try {
      await rmdir(one)
    } catch {
      return
    }
  }
}

async function guarded(path: string, work: () => Promise<Undo>): Promise<Undo> {
  try {
    return await work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const help = code === 'EACCES' || code === 'EPERM' ? 'run it as root' : undefined
    throw new Refusal(`${reasonOf(error)} (${path})`, help)
  }
}
