import { get, type IncomingMessage } from 'node:http'
import { get as getSecurely } from 'node:https'
import { type Context, messageOf, type Timer } from '#sdk'
import type { RemoteSampler } from './own-telemetry.js'
import type { JaegerRemote } from './telemetry-block.js'

const TIMEOUT_MS = 5000
const ANSWER_BYTES_MAX = 1024 * 1024

/** What Jaeger's sampling service answers, as far as it is used. */
interface Strategy {
  readonly probabilisticSampling?: { readonly samplingRate?: number }
  readonly operationSampling?: { readonly defaultSamplingProbability?: number }
}

/** Asks a sampling service of Jaeger for the fraction, again and again. */
export class JaegerSampler implements RemoteSampler {
  readonly #context: Context
  readonly #values: JaegerRemote
  #timer: Timer | undefined
  #isStopped = false

  constructor(context: Context, values: JaegerRemote) {
    this.#context = context
    this.#values = values
  }

  start(set: (fraction: number) => void): void {
    const again = () => {
      if (this.#isStopped) return
      this.#timer = this.#context.clock.timer(this.#values.refresh_interval, () => ask())
    }
    const ask = () => {
      this.#ask()
        .then(set)
        .catch((error: unknown) => {
          this.#context.log.warn('cannot ask for the sampling fraction', {
            error: messageOf(error),
          })
        })
        .finally(again)
        .catch(() => {})
    }
    ask()
  }

  stop(): void {
    this.#isStopped = true
    this.#timer?.cancel()
  }

  async #ask(): Promise<number> {
    const url = new URL(this.#values.url)
    url.searchParams.set('service', 'weir')
    const strategy = JSON.parse(await fetched(url)) as Strategy
    const rate =
      strategy.operationSampling?.defaultSamplingProbability ??
      strategy.probabilisticSampling?.samplingRate
    if (rate === undefined || !(rate >= 0 && rate <= 1)) {
      throw new Error(`${url.host} names no probability from 0 to 1`)
    }
    return rate
  }
}

function fetched(url: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage) => {
      if (response.statusCode !== 200) {
        response.resume()
        reject(new Error(`${url.host} answered ${response.statusCode}`))
        return
      }
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
        if (text.length > ANSWER_BYTES_MAX) response.destroy(new Error('the answer is too large'))
      })
      response.on('end', () => resolve(text))
      response.on('error', reject)
    }
    const ask = url.protocol === 'https:' ? getSecurely : get
    const request = ask(url, { timeout: TIMEOUT_MS }, take)
    request.on('timeout', () => request.destroy(new Error(`${url.host} is silent`)))
    request.on('error', reject)
  })
}
