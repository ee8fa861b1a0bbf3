/** A thread that lays out graphs: a plan comes in, a layout goes out. */
import { parentPort } from 'node:worker_threads'
import { layOut, type Plan } from './layout.js'

parentPort?.on('message', (plan: Plan) => parentPort?.postMessage(layOut(plan)))
