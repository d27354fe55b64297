"""Drives librdkafka, and the mock cluster inside it, by lines on standard input; an answer a line.

    produce CODEC LEVEL TOPIC RECORD...   to partition 0, by a producer of its own; answers 'done'
    consume TOPIC COUNT                   from the start of partition 0; answers 'records RECORD...'

The first line says 'ready', where the mock broker listens, and librdkafka's version. It is all over when the input ends.
A record is 'offset;timestamp;key;value;headers' and a header 'key:value', joined by commas; bytes are base64, '!' is null.
"""

import base64
import sys
import time

import confluent_kafka

PATIENCE = 20.0


def to_bytes(text):
    return None if text == "!" else base64.b64decode(text)


def to_text(data):
    return "!" if data is None else base64.b64encode(data).decode("ascii")


def to_header(text):
    key, value = text.split(":")
    return to_bytes(key).decode("utf-8"), to_bytes(value)


def to_line(message):
    headers = ",".join(to_text(key.encode("utf-8")) + ":" + to_text(value) for key, value in message.headers() or [])
    return ";".join([str(message.offset()), str(message.timestamp()[1]), to_text(message.key()), to_text(message.value()), headers])


def produce(address, codec, level, topic, *records):
    settings = {"bootstrap.servers": address, "compression.type": codec, "linger.ms": 60000, "message.max.bytes": 4000000}
    if level != "-":
        settings["compression.level"] = int(level)
    producer = confluent_kafka.Producer(settings)
    # One batch: all records must be in its queue before the flush sends what is there. They go there at once only where
    # the topic is known already, else while the flush runs.
    producer.list_topics(topic, timeout=PATIENCE)
    failures = []

    def delivered(error, _):
        if error is not None:
            failures.append(str(error))

    for record in records:
        _, timestamp, key, value, headers = record.split(";")
        producer.produce(
            topic, partition=0, timestamp=int(timestamp), key=to_bytes(key), value=to_bytes(value),
            headers=[to_header(header) for header in headers.split(",")] if headers else [], on_delivery=delivered)
    left = producer.flush(PATIENCE)
    if left:
        failures.append("%d of %d records are not delivered after %d s" % (left, len(records), PATIENCE))
    return "error " + "; ".join(failures[:3]) if failures else "done"


def consume(address, topic, count):
    consumer = confluent_kafka.Consumer({"bootstrap.servers": address, "group.id": "reader", "check.crcs": True})
    consumer.assign([confluent_kafka.TopicPartition(topic, 0, 0)])
    records = []
    until = time.monotonic() + PATIENCE
    while len(records) < int(count):
        left = until - time.monotonic()
        if left <= 0:
            return "error %d of %s records came in %d s" % (len(records), count, PATIENCE)
        message = consumer.poll(left)
        if message is None:
            continue
        if message.error():
            return "error after %d records: %s" % (len(records), message.error())
        records.append(to_line(message))
    consumer.close()
    return "records " + " ".join(records)


def main():
    # The cluster lives as long as the client that was asked for it.
    cluster = confluent_kafka.Producer({"bootstrap.servers": "unused", "test.mock.num.brokers": 1})
    broker = next(iter(cluster.list_topics(timeout=PATIENCE).brokers.values()))
    address = "%s:%d" % (broker.host, broker.port)
    print("ready", address, confluent_kafka.libversion()[0], flush=True)
    commands = {"produce": produce, "consume": consume}
    for line in sys.stdin:
        name, *arguments = line.split(" ")
        arguments[-1] = arguments[-1].rstrip("\n")
        print(commands[name](address, *arguments), flush=True)


main()
