// create ADDRESS TOPIC                 a topic of one partition
// produce ADDRESS TOPIC CODEC          the records on standard input, to partition 0
// consume ADDRESS TOPIC COUNT          so many records of partition 0, from its start, without a group

import { load, pieces, readRecords, toLine } from './records.mjs'

const { Admin, Consumer, FetchIsolationLevels, Producer } = load('@platformatic/kafka')

const [verb, address, topic, more] = process.argv.slice(2)
const options = { clientId: 'matrix', bootstrapBrokers: [address] }

async function create () {
  const admin = new Admin(options)
  await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 })
  await admin.close()
}

async function produce () {
  const records = await readRecords()
  const producer = new Producer({ ...options, idempotent: true })
  for (const piece of pieces(records, 500)) {
    await producer.send({
      acks: -1,
      compression: more,
      messages: piece.map(record => ({ topic, partition: 0, key: record.key, value: record.value, timestamp: record.timestamp, headers: new Map(record.headers) }))
    })
  }
  await producer.close()
}

async function consume () {
  const consumer = new Consumer({ ...options, groupId: 'none' })
  const metadata = await consumer.metadata({ topics: [topic] })
  const { id, partitions } = metadata.topics.get(topic)
  consumer.topics.track(topic)
  for (let next = 0n, left = Number(more); left > 0;) {
    const response = await consumer.fetch({
      node: partitions[0].leader,
      minBytes: 1,
      maxBytes: 4 << 20,
      maxWaitTime: 1000,
      isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
      topics: [{ topicId: id, partitions: [{ partition: 0, fetchOffset: next, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: 4 << 20 }] }]
    })
    let text = ''
    for (const batch of response.responses[0]?.partitions[0]?.records ?? []) {
      for (const record of batch.records) {
        const offset = batch.firstOffset + BigInt(record.offsetDelta)
        if (offset < next || left === 0) continue
        text += toLine(offset, batch.firstTimestamp + record.timestampDelta, record.key, record.value, record.headers)
        left--
        next = offset + 1n
      }
    }
    process.stdout.write(text)
  }
  await consumer.close(true)
}

await { create, produce, consume }[verb]()
