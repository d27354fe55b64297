// @platformatic/kafka as a member of a group, in the protocol 'classic' or 'consumer'.
// consume ADDRESS TOPICS GROUP COUNT PROTOCOL  so many values of topics with commas between, which are told when they are committed
// write ADDRESS TOPIC NAME                     what rounds.mjs has for the name, a round a transaction; every third is aborted

import { load } from './records.mjs'
import { isKept, rounds } from './rounds.mjs'

const { Consumer, Producer, stringDeserializers, stringSerializers } = load('@platformatic/kafka')
const [verb, address, topic, more, count, groupProtocol] = process.argv.slice(2)
const options = { clientId: 'groups', bootstrapBrokers: [address] }

async function consume () {
  const ofProtocol = groupProtocol === 'classic' ? { sessionTimeout: 10000, heartbeatInterval: 500 } : { groupProtocol }
  const consumer = new Consumer({ ...options, ...ofProtocol, groupId: more, autocommit: false, deserializers: stringDeserializers })
  const stream = await consumer.consume({ topics: topic.split(','), mode: 'committed', fallbackMode: 'earliest', maxWaitTime: 500 })
  const values = []
  const last = new Map()
  await new Promise((resolve, reject) => {
    stream.on('error', reject)
    stream.on('data', ({ topic, partition, offset, value }) => {
      if (values.length === Number(count)) return
      values.push(value)
      last.set(`${topic}/${partition}`, { topic, partition, offset: offset + 1n, leaderEpoch: -1 })
      if (values.length === Number(count)) resolve()
    })
  })
  await consumer.commit({ offsets: [...last.values()] })
  await stream.close()
  await consumer.close()
  console.log(values.join('\n'))
}

async function write () {
  const producer = new Producer({ ...options, transactionalId: more, idempotent: true, serializers: stringSerializers })
  for (const { round, values } of rounds(more)) {
    const transaction = await producer.beginTransaction()
    await transaction.send({ messages: values.map(({ value, partition }) => ({ topic, value, partition })) })
    await (isKept(round) ? transaction.commit() : transaction.abort())
  }
  await producer.close()
}

await { consume, write }[verb]()
