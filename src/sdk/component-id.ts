/**
 * Ids of components: a name and a label, "loki.write.default"; in modules behind those of the
 * modules, "my_module.a/loki.write.default".
 */

/** What no id has, and every file system takes. */
const FOLDER_SLASH = '~'

/** The name of the folder that a component keeps files in. */
export function folderOfId(id: string): string {
  return id.replaceAll('/', FOLDER_SLASH)
}

/** The id that a folder is named after. */
export function idOfFolder(name: string): string {
  return name.replaceAll(FOLDER_SLASH, '/')
}

const AROUND = /^\w+(\.\w+)*$/
const COMPONENT = /^[a-z_]\w*(\.\w+)+$/i

/**
 * Parts an id from what stands behind it and a slash, such as an endpoint. Undefined where it does
 * not begin with an id.
 */
export function splitId(
  text: string,
): { readonly id: string; readonly rest: string | undefined } | undefined {
  const parts = text.split('/')
  for (let count = idParts(parts); count > 0; count--) {
    if (!COMPONENT.test(parts[count - 1]!)) continue
    const rest = parts.slice(count)
    return {
      id: parts.slice(0, count).join('/'),
      rest: rest.length > 0 ? rest.join('/') : undefined,
    }
  }
  return undefined
}

function idParts(parts: readonly string[]): number {
  const end = parts.findIndex((part) => !AROUND.test(part))
  return end < 0 ? parts.length : end
}
