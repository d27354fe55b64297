import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produces with Kafka's client until it is stopped, and so pushes its own metrics where the broker asks for them: ADDRESS TOPIC. */
public class Pusher {
    public static void main(String[] arguments) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", arguments[0], "client.id", "pushing-java");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            while (true) {
                producer.send(new ProducerRecord<>(arguments[1], new byte[10])).get();
                Thread.sleep(50);
            }
        }
    }
}
