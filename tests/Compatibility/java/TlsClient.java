import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka's producer over TLS: tells of each case whether a record was written, and whether it was denied or refused.
 *
 *   OPEN ASKING FOLDER, a line each: the addresses of two listeners, of which the second asks for certificates, and where these are
 */
public class TlsClient {
    public static void main(String[] none) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        String[] arguments = {input.readLine(), input.readLine(), input.readLine()};
        write("open", arguments[0], null, arguments[2]);
        write("good", arguments[1], "good", arguments[2]);
        write("denied", arguments[1], "denied", arguments[2]);
        write("stranger", arguments[1], "stranger", arguments[2]);
        write("none", arguments[1], null, arguments[2]);
    }

    private static void write(String name, String address, String certificate, String folder) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", address, "security.protocol", "SSL", "max.block.ms", name.equals("stranger") || name.equals("none") ? 5000 : 60000));
        // Without rules the cluster denies an idempotent producer, too, at any time.
        settings.put("enable.idempotence", false);
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", Path.of(folder, "ca.pem").toString());
        if (certificate != null) {
            settings.put("ssl.keystore.type", "PEM");
            settings.put("ssl.keystore.location", Path.of(folder, certificate + ".both").toString());
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("of-java", name)).get();
            System.out.println(name + " written");
        } catch (Exception refused) {
            System.err.println(name + " " + refused);
            boolean isDenied = refused instanceof TopicAuthorizationException || refused.getCause() instanceof TopicAuthorizationException;
            System.out.println(name + (isDenied ? " denied" : " refused"));
        }
    }
}
