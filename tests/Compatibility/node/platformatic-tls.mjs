// @platformatic/kafka over TLS: see tls.mjs

import { load } from './records.mjs'
import { tellAll } from './tls.mjs'

const { Producer, stringSerializers } = load('@platformatic/kafka')

// The word is in what it was caused by, at some depth.
const isDenial = error => error != null && (error.apiId === 'TOPIC_AUTHORIZATION_FAILED' || /topic.authorization.failed/i.test(error.message) || isDenial(error.cause) || (error.errors ?? []).some(isDenial))

await tellAll(async (address, tls, value) => {
  const producer = new Producer({ clientId: 'tls', bootstrapBrokers: [address], tls, retries: 2, retryDelay: 200, autocreateTopics: true, serializers: stringSerializers })
  try {
    await producer.send({ acks: -1, messages: [{ topic: 'of-platformatic', value }] })
  } finally {
    await producer.close().catch(() => {})
  }
}, isDenial)
