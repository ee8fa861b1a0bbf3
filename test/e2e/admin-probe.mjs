/** Asks a URL four times a second and tells how long each answer took, in a thread of its own: senders keep theirs busy. */
import { parentPort, workerData } from 'node:worker_threads'

for (;;) {
  const askedAt = performance.now()
  await (await fetch(workerData)).text()
  parentPort.postMessage(performance.now() - askedAt)
  await new Promise((done) => setTimeout(done, 250))
}
