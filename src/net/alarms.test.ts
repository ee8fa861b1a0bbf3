import { describe, expect, it } from 'vitest'
import { FakeClock } from '#support'
import { Alarms } from './alarms.js'

describe('alarms', () => {
  it('ring when they are due, with one timer for all', async () => {
    const clock = new FakeClock()
    const rung: string[] = []
    const alarms = new Alarms<string>(clock, (who) => rung.push(`${who} ${clock.monotonic()}`))
    alarms.set('slow', 100)
    alarms.set('cancelled', 20)
    alarms.set('quick', 10)
    alarms.set('again', 10)
    alarms.set('again', 50)
    alarms.delete('cancelled')
    alarms.delete('unknown')
    expect(clock.pending).toBe(1)
    await clock.tick(9)
    expect(rung).toEqual([])
    await clock.tick(1000)
    expect(rung).toEqual(['quick 10', 'again 50', 'slow 100'])
    expect(clock.pending).toBe(0)
  })

  it('are forgotten all at once', async () => {
    const clock = new FakeClock()
    const rung: string[] = []
    const alarms = new Alarms<string>(clock, (who) => rung.push(who))
    alarms.set('before', 10)
    alarms.clear()
    expect(clock.pending).toBe(0)
    alarms.set('after', 20)
    await clock.tick(100)
    expect(rung).toEqual(['after'])
  })

  it('may be set while one rings', async () => {
    const clock = new FakeClock()
    let left = 3
    const alarms = new Alarms<number>(clock, (who) => {
      if (--left > 0) alarms.set(who, 10)
    })
    alarms.set(1, 10)
    await clock.tick(30)
    expect(left).toBe(0)
    expect(clock.pending).toBe(0)
  })
})
