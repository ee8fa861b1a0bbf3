import { describe, expect, test } from 'vitest'
import { checkBody, corpus } from '#support'
import definition from './attributes.js'

interface Case {
  readonly id: string
  readonly component: string
  readonly body: string
  readonly expectError: boolean
}

const recorded = corpus<{ cases: readonly Case[] }>('syntax/component-args.json')
const cases = recorded?.cases.filter(({ component }) => component === definition.name)

describe.runIf(cases)('bodies that Alloy takes and refuses', () => {
  test('there are some', () => expect(cases).not.toHaveLength(0))
  test.each(cases ?? [])('$id', ({ body, expectError }) => {
    const errors = checkBody(definition, body).diagnostics.map(({ message }) => message)
    expect(errors.length > 0, errors.join('\n')).toBe(expectError)
  })
})
