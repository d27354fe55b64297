import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka's clients in transactions, of which every third is aborted.
 *
 *   write ADDRESS TOPIC NAME                    values 'NAME-ROUND-NUMBER' to three partitions, a round a transaction; what is
 *                                               aborted has a partition of its own
 *   copy ADDRESS FROM TO GROUP COUNT PROTOCOL   so many values from topic to topic, with the offsets in the transactions; after
 *                                               an abort a new member goes on from what is committed
 */
public class Transactions {
    private static final int ROUNDS = 9;
    private static final int IN_ROUND = 20;
    private static final int PARTITIONS = 3;
    private static final int IN_COPY = 40;

    public static void main(String[] arguments) throws Exception {
        String address = arguments[1];
        if (arguments[0].equals("write")) {
            write(address, arguments[2], arguments[3]);
        } else {
            copy(address, arguments[2], arguments[3], arguments[4], Integer.parseInt(arguments[5]), arguments[6]);
        }
    }

    private static KafkaProducer<String, String> producer(String address, String id) {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", address, "transactional.id", id), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void write(String address, String topic, String name) {
        try (KafkaProducer<String, String> producer = producer(address, name)) {
            for (int round = 0; round < ROUNDS; round++) {
                boolean isKept = round % 3 != 2;
                producer.beginTransaction();
                for (int number = 0; number < IN_ROUND; number++) {
                    int partition = isKept ? number % PARTITIONS : round / 3;
                    producer.send(new ProducerRecord<>(topic, partition, null, String.format("%s-%02d-%02d", name, round, number)));
                }
                end(producer, isKept);
            }
        }
    }

    private static void end(KafkaProducer<String, String> producer, boolean isKept) {
        if (isKept) {
            producer.commitTransaction();
        } else {
            // What is still here would be thrown away by an abort.
            producer.flush();
            producer.abortTransaction();
        }
    }

    private static void copy(String address, String from, String to, String group, int count, String protocol) {
        try (KafkaProducer<String, String> producer = producer(address, group + "-" + to)) {
            for (int done = 0; done < count;) {
                done += copyUntilAbort(producer, address, from, to, group, count - done, protocol);
            }
        }
    }

    private static int copyUntilAbort(
        KafkaProducer<String, String> producer, String address, String from, String to, String group, int left, String protocol) {
        Map<String, Object> settings = Map.of(
            "bootstrap.servers", address, "group.id", group, "group.protocol", protocol, "auto.offset.reset", "earliest",
            "enable.auto.commit", false, "isolation.level", "read_committed", "max.poll.records", IN_COPY);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(from));
            int committed = 0;
            for (int round = 0; round < 3 && committed < left; round++) {
                List<ConsumerRecord<String, String>> records = next(consumer);
                producer.beginTransaction();
                Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
                for (ConsumerRecord<String, String> record : records) {
                    producer.send(new ProducerRecord<>(to, record.value()));
                    positions.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
                }
                producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
                end(producer, round != 2);
                if (round != 2) {
                    committed += records.size();
                }
            }
            return committed;
        }
    }

    private static List<ConsumerRecord<String, String>> next(KafkaConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (records.isEmpty()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("no records came");
            }
            consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
        }
        return records;
    }
}
