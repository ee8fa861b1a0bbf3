/** A thread that lays out one graph: the plan is what it is started with. */
import { parentPort, workerData } from 'node:worker_threads'
import { layOut, type Plan } from './layout.js'

parentPort?.postMessage(layOut(workerData as Plan))
