#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import { createInterface as askLines } from 'node:readline/promises'
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

/** Who reads the output may go first, as `head` does: what is still written goes nowhere then. */
const closed = new AbortController()
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    if (stream === process.stdout) closed.abort()
  })
}

async function* linesOf(reader: Interface): AsyncIterable<string> {
  if (process.stdin.isTTY === true) reader.prompt()
  for await (const line of reader) {
    yield line
    if (process.stdin.isTTY === true) reader.prompt()
  }
}

async function ask(question: string): Promise<string> {
  const terminal = askLines({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question(question)
  } finally {
    terminal.close()
  }
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
    streams: () => ({ input: process.stdin, output: process.stdout }),
    lines(prompt) {
      const { stdin: input, stderr: output } = process
      return linesOf(createInterface({ input, output, terminal: input.isTTY === true, prompt }))
    },
    // Questions go where they do not mix with what is printed.
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
    isTerminal: process.stdout.isTTY === true,
    closed: closed.signal,
    color: process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined,
  },
})
