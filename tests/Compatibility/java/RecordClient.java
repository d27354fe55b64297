import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's clients with records as lines: 'timestamp;key;value;headers' to write, 'offset;...' of what was read. Bytes are
 * base64, '!' is null, headers are 'name:value' with commas between. It is always about partition 0.
 *
 *   create ADDRESS TOPIC      produce ADDRESS TOPIC CODEC      consume ADDRESS TOPIC COUNT
 */
public class RecordClient {
    public static void main(String[] arguments) throws Exception {
        String address = arguments[1];
        String topic = arguments[2];
        switch (arguments[0]) {
            case "create" -> create(address, topic);
            case "produce" -> produce(address, topic, arguments[3]);
            default -> consume(address, topic, Integer.parseInt(arguments[3]));
        }
    }

    private static void create(String address, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static void produce(String address, String topic, String codec) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "compression.type", codec, "acks", "all", "linger.ms", 20);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] parts = line.split(";", -1);
                sent.add(producer.send(new ProducerRecord<>(topic, 0, Long.parseLong(parts[0]), bytes(parts[1]), bytes(parts[2]), headers(parts[3]))));
            }
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    private static void consume(String address, String topic, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "enable.auto.commit", false, "max.poll.records", 5000);
        PrintStream output = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.US_ASCII);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long until = System.nanoTime() + Duration.ofSeconds(40).toNanos();
            for (int left = count; left > 0;) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException(left + " records did not come");
                }
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    output.print(line(record));
                }
                left -= records.count();
            }
        }
        output.flush();
    }

    private static String line(ConsumerRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(text(header.key().getBytes(StandardCharsets.UTF_8)) + ":" + text(header.value()));
        }
        return record.offset() + ";" + record.timestamp() + ";" + text(record.key()) + ";" + text(record.value()) + ";" + String.join(",", headers) + "\n";
    }

    private static List<Header> headers(String text) {
        List<Header> headers = new ArrayList<>();
        for (String header : text.isEmpty() ? new String[0] : text.split(",")) {
            String[] parts = header.split(":");
            headers.add(new RecordHeader(new String(bytes(parts[0]), StandardCharsets.UTF_8), parts.length == 1 ? new byte[0] : bytes(parts[1])));
        }
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.equals("!") ? null : Base64.getDecoder().decode(text);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "!" : Base64.getEncoder().encodeToString(bytes);
    }
}
