import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produces with Kafka's client for a while, which pushes its own metrics where the broker asks for them. It reads address, topic and seconds, a line each. */
public class Pusher {
    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        Map<String, Object> settings = Map.of("bootstrap.servers", input.readLine(), "client.id", "pushing-java");
        String topic = input.readLine();
        long until = System.nanoTime() + Long.parseLong(input.readLine()) * 1_000_000_000L;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            while (System.nanoTime() < until) {
                producer.send(new ProducerRecord<>(topic, new byte[10])).get();
                Thread.sleep(50);
            }
        }
    }
}
