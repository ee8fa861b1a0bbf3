import { type Files, type Log, messageOf, Permanent, type Secret, type Watcher } from '#sdk'

/** A secret that may change while it is used. */
export interface SecretSource {
  readonly text: string
  /** It was refused: looks whether there is a newer one. */
  refresh(): void
  close(): Promise<void>
}

export interface SecretSurroundings {
  readonly files: Files
  readonly log: Log
}

/**
 * The content of the file where a path is given, else the secret; an empty one where there is
 * neither. Rejects where the file cannot be read.
 */
export async function openSecret(
  secret: Secret | undefined,
  path: string | undefined,
  surroundings: SecretSurroundings,
): Promise<SecretSource> {
  if (path) return SecretFile.open(path, surroundings)
  return { text: secret?.reveal() ?? '', refresh() {}, close: () => Promise.resolve() }
}

/** White space around the secret is not part of it. Read again whenever the file changes. */
class SecretFile implements SecretSource {
  readonly #path: string
  readonly #surroundings: SecretSurroundings
  readonly #watcher: Watcher
  #text: string
  /** Reads follow each other, so that the newest content is what stays. */
  #lastRead: Promise<void> = Promise.resolve()

  static async open(path: string, surroundings: SecretSurroundings): Promise<SecretFile> {
    return new SecretFile(path, surroundings, await read(path, surroundings.files))
  }

  private constructor(path: string, surroundings: SecretSurroundings, text: string) {
    this.#path = path
    this.#surroundings = surroundings
    this.#text = text
    this.#watcher = surroundings.files.watch(path, () => this.refresh())
  }

  get text(): string {
    return this.#text
  }

  refresh(): void {
    this.#lastRead = this.#lastRead.then(async () => {
      try {
        this.#text = await read(this.#path, this.#surroundings.files)
      } catch (error) {
        this.#surroundings.log.warn('the last secret stays in use', { error: messageOf(error) })
      }
    })
  }

  close(): Promise<void> {
    return this.#watcher.close()
  }
}

/** A secret becomes part of a header, which is one line. */
async function read(path: string, files: Files): Promise<string> {
  const text = Buffer.from(await files.read(path))
    .toString()
    .trim()
  if (/[\0\r\n]/.test(text)) throw new Permanent(`${path} holds more than one line of text`)
  return text
}
