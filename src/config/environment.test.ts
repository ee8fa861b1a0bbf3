import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { systemEnvironment } from './environment.js'

test('variables are those handed in', () => {
  const { env } = systemEnvironment({ HOME: '/home/me', EMPTY: '' }, '1.2.3')
  expect(['HOME', 'EMPTY', 'MISSING', 'toString'].map(env)).toEqual([
    '/home/me',
    '',
    undefined,
    undefined,
  ])
})

test('constants have the names that Go gives', () => {
  const { constants } = systemEnvironment({}, '1.2.3')
  expect([...constants.keys()]).toEqual(['hostname', 'os', 'arch', 'version'])
  expect(constants.get('hostname')).toBe(hostname())
  expect(['win32', 'x64', 'ia32', undefined]).not.toContain(constants.get('os'))
  expect(['x64', 'ia32', undefined]).not.toContain(constants.get('arch'))
})

test.each([
  ['1.2.3', 'v1.2.3'],
  ['v1.2.3', 'v1.2.3'],
])('version %s is %s', (version, expected) => {
  expect(systemEnvironment({}, version).constants.get('version')).toBe(expected)
})
