const vscode = require('vscode')
const { LanguageClient } = require('vscode-languageclient/node')

let client

function serverOptions() {
  const settings = vscode.workspace.getConfiguration('weir')
  const [command = 'weir', ...args] = settings.get('command', [])
  args.push('--files', settings.get('files', 'auto'))
  args.push('--stability.level', settings.get('stability', 'generally-available'))
  const agent = settings.get('agent', '')
  if (agent !== '') args.push('--agent', agent)
  return { command, args }
}

exports.activate = async (context) => {
  client = new LanguageClient('weir', 'Weir', serverOptions(), {
    documentSelector: [{ language: 'river' }],
  })
  context.subscriptions.push(client)
  await client.start()
}

exports.deactivate = () => client?.stop()
