"""librdkafka with records as lines: 'timestamp;key;value;headers' to write, 'offset;...' of what was read.

    create ADDRESS TOPIC      produce ADDRESS TOPIC CODEC < records      consume ADDRESS TOPIC COUNT

Bytes are base64, '!' is null, headers are 'name:value' with commas between. It is always about partition 0.
"""

import base64
import os
import sys

import confluent_kafka
import confluent_kafka.admin

PATIENCE = 40.0
# The old confluent_kafka gives up a reference to None with each header without a value that it reads; these last.
references = [None] * 1000000


def to_bytes(text):
    return None if text == "!" else base64.b64decode(text)


def to_text(data):
    return "!" if data is None else base64.b64encode(data).decode("ascii")


def to_header(text):
    name, value = text.split(":")
    return to_bytes(name).decode("utf-8"), to_bytes(value)


def create(address, topic):
    admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": address})
    admin.create_topics([confluent_kafka.admin.NewTopic(topic, 1, 1)])[topic].result(PATIENCE)


def produce(address, topic, codec):
    failures = []
    producer = confluent_kafka.Producer({
        "bootstrap.servers": address, "compression.type": codec, "enable.idempotence": True, "queue.buffering.max.messages": 1000000})

    def delivered(error, _):
        if error is not None:
            failures.append(str(error))

    for line in sys.stdin:
        timestamp, key, value, headers = line.rstrip("\n").split(";")
        producer.produce(
            topic, partition=0, timestamp=int(timestamp), key=to_bytes(key), value=to_bytes(value),
            headers=[to_header(header) for header in headers.split(",")] if headers else [], on_delivery=delivered)
    left = producer.flush(PATIENCE)
    if left or failures:
        sys.exit("%d are not delivered; %s" % (left, failures[:3]))


def consume(address, topic, count):
    consumer = confluent_kafka.Consumer({"bootstrap.servers": address, "group.id": "none", "enable.auto.commit": False, "check.crcs": True})
    consumer.assign([confluent_kafka.TopicPartition(topic, 0, 0)])
    left = int(count)
    while left > 0:
        messages = consumer.consume(min(left, 10000), PATIENCE)
        if not messages:
            sys.exit("%d records did not come" % left)
        lines = []
        for message in messages:
            if message.error():
                sys.exit(str(message.error()))
            headers = ",".join(to_text(name.encode("utf-8")) + ":" + to_text(value) for name, value in message.headers() or [])
            lines.append("%d;%d;%s;%s;%s\n" % (message.offset(), message.timestamp()[1], to_text(message.key()), to_text(message.value()), headers))
        sys.stdout.write("".join(lines))
        left -= len(messages)
    sys.stdout.flush()
    # Without the end that Python makes, which counts the references to None.
    os._exit(0)


{"create": create, "produce": produce, "consume": consume}[sys.argv[1]](*sys.argv[2:])
