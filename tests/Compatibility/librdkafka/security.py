"""Tries to write a record as somebody, a line of standard input each; says a line each of what came of it.

    security.py ADDRESS        NUMBER \t MECHANISM \t USER \t SECRET \t TOPIC     ->    NUMBER \t entered|denied|refused|failed \t WHY
"""

import sys
import time

import confluent_kafka

PATIENCE = 20.0
AUTHENTICATION = confluent_kafka.KafkaError._AUTHENTICATION
DENIED = (confluent_kafka.KafkaError.TOPIC_AUTHORIZATION_FAILED, confluent_kafka.KafkaError.CLUSTER_AUTHORIZATION_FAILED)


def attempt(address, mechanism, user, secret, topic):
    outcome = []

    def failed(error):
        if error.code() == AUTHENTICATION:
            outcome.append(("refused", error.str()))

    def delivered(error, _):
        if error is None:
            outcome.append(("entered", ""))
        elif error.code() in DENIED:
            outcome.append(("denied", error.str()))

    settings = {
        "bootstrap.servers": address, "security.protocol": "SASL_PLAINTEXT", "sasl.mechanisms": mechanism, "error_cb": failed,
        "reconnect.backoff.max.ms": 500, "message.timeout.ms": 15000, "log_level": 0}
    if mechanism == "OAUTHBEARER":
        settings["oauth_cb"] = lambda _: (secret, time.time() + 300)
    else:
        settings["sasl.username"] = user
        settings["sasl.password"] = secret
    producer = confluent_kafka.Producer(settings)
    producer.produce(topic, b"of " + mechanism.encode("ascii"), on_delivery=delivered)
    until = time.monotonic() + PATIENCE
    while not outcome and time.monotonic() < until:
        producer.poll(0.05)
    if not outcome:
        return "failed", "nothing came of it in %d s" % PATIENCE
    producer.purge()
    return outcome[0]


for line in sys.stdin:
    number, mechanism, user, secret, topic = line.rstrip("\n").split("\t")
    print(number, *attempt(sys.argv[1], mechanism, user, secret, topic), sep="\t", flush=True)
