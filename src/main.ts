#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { runCli, runProgram } from '#cli'
import { components } from '#components'

const manifest = new URL('../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }

/** A second request to stop does not wait for the drain. */
let stopsAsked = 0
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (++stopsAsked > 1) process.exit(1)
  })
}

process.exitCode = await runCli(process.argv.slice(2), {
  components,
  host: {
    version,
    random: Math.random,
    variables: process.env,
    onSignal(signals, callback) {
      for (const signal of signals) process.on(signal, callback)
    },
    pid: process.pid,
    monotonicUs: () => process.hrtime.bigint() / 1000n,
    runProgram,
    command: [process.execPath, fileURLToPath(import.meta.url)],
    root: fileURLToPath(new URL('.', manifest)),
  },
  io: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    async input() {
      const chunks: Buffer[] = []
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks)
    },
    // Questions go where they do not mix with what is printed.
    ask:
      process.stdin.isTTY && process.stderr.isTTY
        ? async (question) => {
            const terminal = createInterface({ input: process.stdin, output: process.stderr })
            try {
              return await terminal.question(question)
            } finally {
              terminal.close()
            }
          }
        : undefined,
    isTerminal: process.stdout.isTTY === true,
    color: process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined,
  },
})
