"""
librdkafka as members of a group, in the classic protocol or, where it stands behind the rest, in another: 'consume' reads so
many values of topics with commas between, commits and leaves; 'rest' reads to the ends of so many partitions of one topic and
tells partition, offset and value; 'share' tells who has what.
"""
import sys
import time

from confluent_kafka import Consumer, KafkaError

DEADLINE = 60


def member(address, group, protocol):
    settings = {
        "bootstrap.servers": address, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "topic.metadata.refresh.interval.ms": 1000, "enable.partition.eof": True,
    }
    if protocol == "classic":
        # In the new protocol both are the broker's.
        settings.update({"session.timeout.ms": 10000, "heartbeat.interval.ms": 500})
    else:
        settings["group.protocol"] = protocol
    return Consumer(settings)


def consume(address, topics, group, count, protocol):
    consumer = member(address, group, protocol)
    consumer.subscribe(topics.split(","))
    values, end = [], time.monotonic() + DEADLINE
    while len(values) < count and time.monotonic() < end:
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            values.append(message.value().decode())
    consumer.commit(asynchronous=False)
    consumer.close()
    print("\n".join(sorted(values)))


def rest(address, topic, group, count, protocol):
    consumer = member(address, group, protocol)
    consumer.subscribe([topic])
    messages, ended, deadline = [], set(), time.monotonic() + DEADLINE
    while len(ended) < count and time.monotonic() < deadline:
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error() is None:
            messages.append(message)
        elif message.error().code() == KafkaError._PARTITION_EOF:
            ended.add(message.partition())
    if messages:
        consumer.commit(asynchronous=False)
    consumer.close()
    print("\n".join(f"{message.partition()} {message.offset()} {message.value().decode()}" for message in messages))


def share(address, topic, group, count, protocol):
    members = [member(address, group, protocol) for _ in range(count)]
    for one in members:
        one.subscribe([topic])
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        for one in members:
            one.poll(0.05)
        held = [{part.partition for part in one.assignment()} for one in members]
        if all(held) and sum(map(len, held)) == len(set().union(*held)):
            break
    print("\n".join(sorted(str(number) for one in held for number in one)))
    for one in members:
        one.close()


verb, address, topics, group, count = sys.argv[1:6]
{"consume": consume, "rest": rest, "share": share}[verb](address, topics, group, int(count), *(sys.argv[6:] or ["classic"]))
