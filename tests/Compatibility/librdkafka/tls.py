"""librdkafka over TLS: tells of each case whether a record was written, denied or refused.

    OPEN ASKING FOLDER      the addresses of two listeners, of which the second asks for certificates, and where these are
"""

import os
import sys

import confluent_kafka

open_address, asking_address, folder = sys.argv[1:]


def write(case, address, certificate, patience):
    settings = {
        "bootstrap.servers": address, "security.protocol": "SSL", "ssl.ca.location": os.path.join(folder, "ca.pem"), "acks": "all",
        "message.timeout.ms": patience * 1000, "log_level": 0}
    if certificate:
        settings["ssl.certificate.location"] = os.path.join(folder, certificate + ".pem")
        settings["ssl.key.location"] = os.path.join(folder, certificate + ".key")
    outcome = []
    producer = confluent_kafka.Producer(settings)
    producer.produce("of-librdkafka", value=case, on_delivery=lambda error, _: outcome.append(error))
    producer.flush(patience + 5)
    if len(outcome) == 1 and outcome[0] is None:
        print(case, "written", flush=True)
    elif len(outcome) == 1 and outcome[0].code() == confluent_kafka.KafkaError.TOPIC_AUTHORIZATION_FAILED:
        print(case, "denied", flush=True)
    else:
        print(case, "refused", flush=True)


write("open", open_address, None, 60)
write("good", asking_address, "good", 60)
write("denied", asking_address, "denied", 60)
write("stranger", asking_address, "stranger", 4)
write("none", asking_address, None, 4)
