// kafkajs over TLS: see tls.mjs

import { load } from './records.mjs'
import { tellAll } from './tls.mjs'

const { Kafka, logLevel } = load('kafkajs')

await tellAll(async (address, ssl, value) => {
  const kafka = new Kafka({ brokers: [address], ssl, logLevel: logLevel.NOTHING, connectionTimeout: 10000, retry: { retries: 2 } })
  const producer = kafka.producer()
  try {
    await producer.connect()
    await producer.send({ topic: 'of-kafkajs', acks: -1, messages: [{ value }] })
  } finally {
    await producer.disconnect()
  }
}, error => error.type === 'TOPIC_AUTHORIZATION_FAILED' || /topic authorization failed/i.test(error.message))
