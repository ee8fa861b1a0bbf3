/** What components keep of the data that they took last. */
import { html } from 'hono/html'
import type { Instance } from '#graph'
import type { Signal } from '#pdata'
import { cut } from '../format.js'
import { type Item, itemsOf } from '../tap/items.js'
import type { Html } from './html.js'
import { moment } from './shell.js'

export function keepsAny(instances: readonly Instance[]): boolean {
  return instances.some(({ recent }) => recent !== undefined)
}

/** Newest first. */
export function recentItems(instances: readonly Instance[], signal: Signal): readonly Item[] {
  const samples = instances
    .flatMap(({ recent }) => recent ?? [])
    .filter((one) => one.signal === signal)
    .sort((a, b) => b.at - a.at)
  return samples.flatMap(({ chunks, at }) =>
    itemsOf(signal, chunks)
      .toReversed()
      .map((item) => ({ ...item, at: item.at ?? at })),
  )
}

export function attributesCell({ attributes }: Item): Html {
  const pairs = attributes.filter(([name]) => name !== 'service.name' && name !== 'trace')
  const title = pairs.map(([name, value]) => `${name} = ${value}`).join('\n')
  return html`<td class="attributes" title="${title}">${cut(
    pairs.map(([name, value]) => `${name}=${value}`).join('  '),
    300,
  )}</td>`
}

export function clock(at: number | undefined): Html | string {
  return at === undefined ? '' : moment(at)
}
