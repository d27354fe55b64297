// kafkajs as a member of a group.
// create ADDRESS TOPIC PARTITIONS
// consume ADDRESS TOPIC GROUP COUNT    so many values, which are told in order when they are committed

import { load } from './records.mjs'

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
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
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

await { create, consume }[verb]()
