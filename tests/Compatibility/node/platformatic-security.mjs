// As kafkajs-security.mjs, with @platformatic/kafka.

import { cells, load, say } from './security.mjs'

const { Producer } = load('@platformatic/kafka')

function textOf (failure) {
  const errors = [failure, failure.cause, ...(failure.errors ?? [])].filter(Boolean)
  return errors.length === 1 ? failure.message : errors.map((error, i) => i === 0 ? error.message : textOf(error)).join(' / ')
}

for (const cell of await cells()) {
  const sasl = cell.mechanism === 'OAUTHBEARER' ? { mechanism: cell.mechanism, token: cell.secret } : { mechanism: cell.mechanism, username: cell.user, password: cell.secret }
  const producer = new Producer({ clientId: 'matrix', bootstrapBrokers: [process.argv[2]], sasl, retries: 0, autocreateTopics: false })
  producer.on('error', () => {})
  try {
    await producer.send({ acks: -1, messages: [{ topic: cell.topic, partition: 0, value: Buffer.from(`of ${cell.mechanism}`) }] })
    say(cell, 'entered')
  } catch (failure) {
    const text = textOf(failure)
    say(cell, /topic.authorization.failed/i.test(text) ? 'denied' : /SASL|authenticat/i.test(text) ? 'refused' : 'failed', { message: text })
  } finally {
    await producer.close(true).catch(() => {})
  }
}
process.exit(0)
