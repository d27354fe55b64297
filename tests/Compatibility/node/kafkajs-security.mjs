// ADDRESS: tries to write a record as somebody, a line of standard input each (NUMBER MECHANISM USER SECRET TOPIC, tabs
// between them); says a line each: NUMBER, entered, denied, refused or failed, and why.

import { cells, load, say } from './security.mjs'

const { Kafka, logLevel } = load('kafkajs')

// What it asks of metadata it tells by the words of the error alone.
const isDenial = failure => failure.type?.endsWith('AUTHORIZATION_FAILED') || /topic authorization failed/i.test(failure.message)

const saslOf = cell => cell.mechanism === 'OAUTHBEARER'
  ? { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: cell.secret }) }
  : { mechanism: cell.mechanism.toLowerCase(), username: cell.user, password: cell.secret }

// It does not look at what comes back for a token, and goes on: what it hears then is that it is not in.
const isRefusal = failure => /SASLAuthentication|SASL state/.test(`${failure.name} ${failure.cause?.name} ${failure.message}`)

for (const cell of await cells()) {
  const kafka = new Kafka({ brokers: [process.argv[2]], sasl: saslOf(cell), logLevel: logLevel.NOTHING, retry: { retries: 0 } })
  const producer = kafka.producer()
  try {
    await producer.connect()
    await producer.send({ topic: cell.topic, messages: [{ value: `of ${cell.mechanism}` }] })
    say(cell, 'entered')
  } catch (failure) {
    say(cell, isRefusal(failure) ? 'refused' : isDenial(failure) ? 'denied' : 'failed', failure)
  } finally {
    await producer.disconnect().catch(() => {})
  }
}
