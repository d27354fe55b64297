"""Produces records that follow from their number, or reads a partition from its start, and prints what they hash to.

    produce ADDRESS TOPIC COUNT CODEC IDEMPOTENT      consume ADDRESS TOPIC COUNT
"""

import hashlib
import os
import sys

import confluent_kafka

PATIENCE = 60.0
TIME = 1700000000000


def record(i):
    key = None if i % 7 == 0 else b"key-%d" % i
    value = None if i % 11 == 0 else b"value-%d-" % i * (i % 5 + 1)
    headers = [] if i % 3 == 0 else [("number", b"%d" % i), ("empty", b"")]
    # Few of them: the old confluent_kafka gives up a reference to None with each that it reads, and dies of it in the end.
    if i % 500 == 1:
        headers.append(("none", None))
    return key, value, headers, TIME + i * 13 % 1000


def add(digest, i, key, value, headers, timestamp):
    digest.update(repr((i, key, value, headers, timestamp)).encode("utf-8"))


def produce(address, topic, count, codec, idempotent):
    failures = []
    producer = confluent_kafka.Producer({
        "bootstrap.servers": address, "compression.type": codec, "enable.idempotence": idempotent == "true",
        "queue.buffering.max.messages": 1000000, "linger.ms": 5})
    digest = hashlib.sha256()
    for i in range(int(count)):
        key, value, headers, timestamp = record(i)
        add(digest, i, key, value, headers, timestamp)
        producer.produce(topic, value, key, partition=0, headers=headers, timestamp=timestamp,
                         on_delivery=lambda error, _: failures.append(str(error)) if error else None)
        if i % 1000 == 0:
            producer.poll(0)
    left = producer.flush(PATIENCE)
    if left or failures:
        sys.exit("%d are not delivered; %s" % (left, failures[:3]))
    print(digest.hexdigest())


def consume(address, topic, count):
    consumer = confluent_kafka.Consumer({"bootstrap.servers": address, "group.id": "none", "enable.auto.commit": False, "check.crcs": True})
    consumer.assign([confluent_kafka.TopicPartition(topic, 0, 0)])
    digest = hashlib.sha256()
    left = int(count)
    while left > 0:
        messages = consumer.consume(min(left, 10000), PATIENCE)
        if not messages:
            sys.exit("%d records did not come" % left)
        for message in messages:
            if message.error():
                sys.exit(str(message.error()))
            add(digest, message.offset(), message.key(), message.value(), message.headers() or [], message.timestamp()[1])
        left -= len(messages)
    print(digest.hexdigest(), flush=True)
    # Without the end that Python makes, which counts the references to None.
    os._exit(0)


{"produce": produce, "consume": consume}[sys.argv[1]](*sys.argv[2:])
