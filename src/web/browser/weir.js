// What pages do besides htmx: times in the reader's zone, charts, the tap, buttons that ask first.

const SIGNAL_COLOURS = {
  traces: '--traces',
  metrics: '--metrics',
  logs: '--logs',
  samples: '--samples',
  entries: '--entries',
}
const TAP_ROWS_MAX = 400
const CHART_EVERY_MS = 2000

const two = (number) => String(number).padStart(2, '0')

function localTimes(root) {
  for (const element of root.querySelectorAll('time[datetime]')) {
    const date = new Date(element.getAttribute('datetime'))
    element.title = date.toString()
    if (element.hasAttribute('data-ago')) continue
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
    const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
    const millis = element.hasAttribute('data-millis')
      ? `.${String(date.getMilliseconds()).padStart(3, '0')}`
      : ''
    element.textContent = element.hasAttribute('data-clock') ? `${time}${millis}` : `${day} ${time}`
  }
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** A chart of one figure, a line per signal; the server's answer says which signals there are. */
function chart(element) {
  const figure = element.dataset.figure
  let plot
  let signals = ''
  const draw = async () => {
    if (!element.isConnected) return
    const answer = await fetch(element.dataset.chart).catch(() => undefined)
    if (answer?.ok) show(await answer.json())
    setTimeout(draw, CHART_EVERY_MS)
  }
  const show = ({ times, charts }) => {
    const now = charts.map(({ signal }) => signal).join(' ')
    const data = [times.map((ms) => ms / 1000), ...charts.map((one) => one[figure])]
    if (plot && signals === now) {
      plot.setData(data)
      return
    }
    signals = now
    plot?.destroy()
    element.replaceChildren()
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui, sans-serif',
    }
    plot = new window.uPlot(
      {
        width: element.clientWidth,
        height: 150,
        cursor: { drag: { x: false, y: false } },
        legend: { show: true, live: true },
        axes: [axis, { ...axis, size: 48 }],
        scales: { y: { range: (_, _low, high) => [0, Math.max(1, high * 1.1)] } },
        series: [
          {},
          ...charts.map(({ signal }) => ({
            label: signal,
            stroke: colour(SIGNAL_COLOURS[signal]),
            width: 1.5,
            points: { show: false },
            value: (_, value) => (value == null ? '–' : value.toFixed(value < 10 ? 1 : 0)),
          })),
        ],
      },
      data,
      element,
    )
  }
  draw()
}

/** Rows as they flow; text from outside only ever becomes text. */
function tap(element) {
  const rows = element.querySelector('tbody')
  const state = element.querySelector('[data-tap-state]')
  let seen = 0
  let skipped = 0
  const events = new EventSource(element.dataset.tap)
  const tell = () => {
    state.textContent = `${seen} shown, ${skipped} passed unseen`
  }
  events.onopen = tell
  events.onerror = () => {
    state.textContent = 'not connected; trying again'
  }
  events.onmessage = ({ data }) => {
    const one = JSON.parse(data)
    if (one.skipped) skipped += one.skipped
    else {
      seen++
      if (!element.classList.contains('paused')) addRow(rows, one)
    }
    tell()
  }
  element.querySelector('[data-pause]')?.addEventListener('click', ({ target }) => {
    target.textContent = element.classList.toggle('paused') ? 'Go on' : 'Pause'
  })
  addEventListener('pagehide', () => events.close())
}

function addRow(rows, { from, to, signal, at, service, title, text, attributes }) {
  const row = document.createElement('tr')
  const cell = (content, name) => {
    const made = document.createElement('td')
    made.textContent = content
    if (name) made.className = name
    row.append(made)
    return made
  }
  const date = at ? new Date(at) : undefined
  cell(
    date ? `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}` : '',
    'nowrap',
  )
  cell(signal, `signal ${signal}`)
  cell(service)
  cell(title, 'strong')
  cell(text, 'text')
  const pairs = attributes.map(({ name, value }) => `${name}=${value}`).join('  ')
  const attributesCell = cell(pairs, 'attributes')
  attributesCell.title = attributes.map(({ name, value }) => `${name} = ${value}`).join('\n')
  cell(`${short(from)} → ${short(to)}`, 'nowrap muted').title = `${from} → ${to}`
  rows.prepend(row)
  while (rows.childElementCount > TAP_ROWS_MAX) rows.lastElementChild.remove()
}

/** The end of a component's id: "batch.default". */
function short(id) {
  return id.split('.').slice(-2).join('.')
}

/** `data-post` sends, after asking with `data-ask`; the answer stands in the element's `data-answer`. */
async function post(button) {
  if (button.dataset.ask && !confirm(button.dataset.ask)) return
  button.disabled = true
  const answer = await fetch(button.dataset.post, { method: 'POST' }).catch(() => undefined)
  const body = await answer?.json().catch(() => undefined)
  const place = document.querySelector(button.dataset.answer)
  place.className = `notice ${answer?.ok ? 'healthy' : 'unhealthy'}`
  place.textContent = body?.error ?? told(body)
  button.disabled = false
}

function told(body) {
  const totals = body?.moved ?? body?.dropped
  if (!totals) return 'The agent did not answer.'
  const verb = body.moved ? 'moved back into the queue' : 'deleted'
  return `${totals.batches} batches, ${totals.items} items: ${verb}.`
}

function start(root) {
  localTimes(root)
  for (const element of root.querySelectorAll('[data-chart]')) chart(element)
  for (const element of root.querySelectorAll('[data-tap]')) tap(element)
}

addEventListener('click', ({ target }) => {
  const button = target.closest?.('[data-post]')
  if (button) post(button)
})
document.addEventListener('htmx:afterSettle', ({ target }) =>
  localTimes(target.parentElement ?? document),
)
start(document)
