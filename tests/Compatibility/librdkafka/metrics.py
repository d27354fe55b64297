"""Produces with librdkafka for a while, which pushes its own metrics where the broker asks for them: ADDRESS TOPIC SECONDS."""

import sys
import time

from confluent_kafka import Producer

address, topic, seconds = sys.argv[1:]
producer = Producer({"bootstrap.servers": address, "client.id": "pushing-librdkafka", "enable.metrics.push": True})
until = time.monotonic() + float(seconds)
while time.monotonic() < until:
    producer.produce(topic, b"value")
    producer.poll(0.05)
producer.flush(10)
