// @platformatic/kafka over TLS: see tls.mjs

import { load } from './records.mjs'
import { tellAll } from './tls.mjs'

const { Producer, stringSerializers } = load('@platformatic/kafka')

await tellAll(async (address, tls, value) => {
  const producer = new Producer({ clientId: 'tls', bootstrapBrokers: [address], tls, retries: 2, retryDelay: 200, autocreateTopics: true, serializers: stringSerializers })
  try {
    await producer.send({ acks: -1, messages: [{ topic: 'of-platformatic', value }] })
  } finally {
    await producer.close().catch(() => {})
  }
})
