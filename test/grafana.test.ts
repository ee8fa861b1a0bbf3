/** Dashboards, rules and backends of examples/grafana fit each other and the configs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Plain } from '#support'
import { labelsIn, metricsIn } from './support/promql.js'

const EXAMPLES = resolve(import.meta.dirname, '../examples')
const GRAFANA = join(EXAMPLES, 'grafana')

const yaml = (path: string) => parse(readFileSync(join(GRAFANA, path), 'utf8')) as Plain
const dashboards = readdirSync(join(GRAFANA, 'dashboards'))

test('there are dashboards', () => expect(dashboards.length).toBeGreaterThan(1))

describe.each(dashboards)('%s', (name) => {
  const board = JSON.parse(readFileSync(join(GRAFANA, 'dashboards', name), 'utf8')) as Plain
  const panels = board['panels'] as readonly Plain[]
  const shown = panels.filter(({ type }) => type !== 'row')

  test('is named after its file, and what it links to is there', () => {
    expect(`${board['uid']}.json`).toBe(name)
    const links = (board['links'] as readonly Plain[]).map(({ url }) => url)
    for (const link of links) expect(dashboards).toContain(`${link.slice('/d/'.length)}.json`)
  })

  test('each panel has an id of its own and says what it shows', () => {
    const ids = panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { title, description } of shown) expect(description, title).toMatch(/\w/)
  })

  test('no panel lies on another', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24)
      return Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
  })

  test('asks the chosen source for the chosen agents', () => {
    for (const { title, targets } of shown) {
      for (const { datasource, expr } of targets) {
        expect(datasource.uid).toBe(`$\{datasource}`)
        expect(expr, title).toContain('job=~"$job", instance=~"$instance"')
      }
    }
  })

  test('legends name labels that the query keeps', () => {
    for (const { title, targets } of shown) {
      for (const { expr, legendFormat } of targets) {
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
        for (const label of named) expect(labelsIn(expr), title).toContain(label)
      }
    }
  })
})

test('each alert says what happened and what to do, and how bad it is', () => {
  const { groups } = yaml('rules/anonymous/weir.yaml')
  const rules = (groups as readonly Plain[]).flatMap((group) => group['rules'] as Plain[])
  expect(rules.length).toBeGreaterThan(5)
  for (const { alert, labels, annotations } of rules) {
    expect(alert).toMatch(/^Weir[A-Z]/)
    expect(['warning', 'critical']).toContain(labels.severity)
    expect(annotations, alert).toEqual({
      summary: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\.$/),
    })
  }
})

test('the backends listen where lgtm.river sends and Grafana asks, each on ports of its own', () => {
  const [tempo, loki, mimir] = ['tempo.yaml', 'loki.yaml', 'mimir.yaml'].map(yaml)
  const otlp = tempo!['distributor'].receivers.otlp.protocols.grpc.endpoint as string
  const config = readFileSync(join(EXAMPLES, 'lgtm.river'), 'utf8')
  const endpoints = [...config.matchAll(/localhost:(\d+)/g)].map(([, port]) => Number(port))
  const http = [tempo, loki, mimir].map((one) => one!['server'].http_listen_port as number)
  expect(endpoints).toEqual([Number(otlp.split(':')[1]), http[2], http[1]])

  const { datasources } = yaml('provisioning/datasources/weir.yaml')
  const asked = (datasources as readonly Plain[]).map(({ url }) => Number(new URL(url).port))
  expect(asked.toSorted()).toEqual(http.toSorted())

  const ports = [tempo, loki, mimir].map((one) => one!['server'].grpc_listen_port as number)
  const gossip = [tempo!['memberlist'].bind_port, 7946] as number[]
  const all = [...ports, ...http, ...gossip, endpoints[0]!, 4317, 4318, 12345]
  expect(new Set(all).size).toBe(all.length)
})

describe('what a query names', () => {
  test.each([
    ['sum by (a, b) (rate(x_total{c="by (d)", e=~"f|g"}[$__rate_interval])) > 0', 'x_total'],
    ['x / on (a) y offset 10m unless z == 0', 'x y z'],
    ['histogram_quantile(0.99, sum by (le) (rate(h_bucket[5m])))', 'h_bucket'],
    ['predict_linear(x{a="1"}[30m], 4 * 3600) > x', 'x'],
  ])('%s', (query, names) => expect(metricsIn(query).join(' ')).toBe(names))

  test('labels of matchers and groups', () => {
    const query = 'sum by (a, b) (x{c="d=e", f!~"g"}) / on(h) y'
    expect(labelsIn(query)).toEqual(['a', 'b', 'h', 'c', 'f'])
  })
})
