"""
librdkafka as members of a group, in the classic protocol or, where it stands behind the rest, in another: 'consume' reads so
many values of topics with commas between, commits and leaves; 'share' tells who has what.
"""
import sys
import time

from confluent_kafka import Consumer

DEADLINE = 60


def member(address, group, protocol):
    settings = {
        "bootstrap.servers": address, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "topic.metadata.refresh.interval.ms": 1000,
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
{"consume": consume, "share": share}[verb](address, topics, group, int(count), *(sys.argv[6:] or ["classic"]))
