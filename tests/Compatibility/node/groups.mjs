// kafkajs as a member of a group.
// create ADDRESS TOPIC PARTITIONS
// consume ADDRESS TOPICS GROUP COUNT   so many values of topics with commas between, which are told when they are committed
// write ADDRESS TOPIC NAME             what rounds.mjs has for the name, a round a transaction; every third is aborted

import { load } from './records.mjs'
import { isKept, rounds } from './rounds.mjs'

const { Kafka, logLevel } = load('kafkajs')
const [verb, address, topic, more, count] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.ERROR })

async function create () {
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: Number(more) }], waitForLeaders: true })
  await admin.disconnect()
}

async function consume () {
  const consumer = kafka.consumer({ groupId: more, sessionTimeout: 10000 })
  const values = []
  await consumer.connect()
  await consumer.subscribe({ topics: topic.split(','), fromBeginning: true })
  let enough
  const all = new Promise(resolve => { enough = resolve })
  await consumer.run({
    eachMessage: async ({ message }) => {
      values.push(message.value.toString())
      if (values.length === Number(count)) enough()
    }
  })
  await all
  await consumer.disconnect()
  console.log(values.join('\n'))
}

async function write () {
  const producer = kafka.producer({ transactionalId: more, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (const { round, values } of rounds(more)) {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: values.map(({ value, partition }) => ({ value, partition })) })
    await (isKept(round) ? transaction.commit() : transaction.abort())
  }
  await producer.disconnect()
}

await { create, consume, write }[verb]()
