// Records as lines: 'timestamp;key;value;headers' to write, 'offset;...' of what was read. Bytes are base64, '!' is null,
// headers are 'name:value' with commas between.

import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

/** The clients lie in a cache, where only this looks for them, by the variable NODE_PATH. */
export const load = createRequire(import.meta.url)

const toBytes = text => (text === '!' ? null : Buffer.from(text, 'base64'))
const toText = bytes => (bytes == null ? '!' : Buffer.from(bytes).toString('base64'))

/** @returns {Promise<{timestamp: bigint, key: Buffer?, value: Buffer?, headers: [Buffer, Buffer?][]}[]>} */
export async function readRecords () {
  const records = []
  for await (const line of createInterface({ input: process.stdin })) {
    const [timestamp, key, value, headers] = line.split(';')
    records.push({
      timestamp: BigInt(timestamp),
      key: toBytes(key),
      value: toBytes(value),
      headers: headers === '' ? [] : headers.split(',').map(header => header.split(':').map(toBytes))
    })
  }
  return records
}

export function toLine (offset, timestamp, key, value, headers) {
  return `${offset};${timestamp};${toText(key)};${toText(value)};${headers.map(([name, content]) => `${toText(name)}:${toText(content)}`).join(',')}\n`
}

/** In pieces, as somebody who sends many does. */
export function * pieces (records, size) {
  for (let from = 0; from < records.length; from += size) yield records.slice(from, from + size)
}
