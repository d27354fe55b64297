// create ADDRESS TOPIC                 a topic of one partition
// produce ADDRESS TOPIC CODEC          the records on standard input, to partition 0

import zlib from 'node:zlib'
import { load, pieces, readRecords } from './records.mjs'

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = load('kafkajs')
const lz4 = load('lz4-napi')
const snappy = load('kafkajs-snappy')

// It has gzip itself; the others come as one wishes.
CompressionCodecs[CompressionTypes.Snappy] = snappy
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async encoder => lz4.compressFrameSync(encoder.buffer),
  decompress: async bytes => lz4.decompressFrameSync(bytes)
})
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async encoder => zlib.zstdCompressSync(encoder.buffer),
  decompress: async bytes => zlib.zstdDecompressSync(bytes)
})
const codecs = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD
}

const [verb, address, topic, codec] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [address], logLevel: logLevel.ERROR })

/** An object of them, as it wants it; a name that comes twice has a list. */
function headersOf (record) {
  const headers = {}
  for (const [name, value] of record.headers) (headers[name.toString('utf8')] ??= []).push(value)
  return headers
}

async function create () {
  const admin = kafka.admin()
  await admin.connect()
  if (!await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }], waitForLeaders: true })) throw new Error('it was there already')
  await admin.disconnect()
}

async function produce () {
  const records = await readRecords()
  const producer = kafka.producer({ idempotent: true, createPartitioner: () => () => 0 })
  await producer.connect()
  for (const piece of pieces(records, 500)) {
    await producer.send({
      topic,
      acks: -1,
      compression: codecs[codec],
      messages: piece.map(record => ({ key: record.key, value: record.value, timestamp: `${record.timestamp}`, headers: headersOf(record), partition: 0 }))
    })
  }
  await producer.disconnect()
}

await { create, produce }[verb]()
