import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Tries to read a record of a topic as a member of a share group, a line of standard input each; says a line each of what came of
 * it. The first line names the file of the authority that vouches for the broker.
 *
 *   NUMBER \t ADDRESS \t PROTOCOL \t MECHANISM \t USER \t SECRET \t GROUP \t TOPIC     ->    NUMBER \t read|denied group|denied topic|refused|failed \t WHY
 */
public class ShareSecurity {
    private static final String PACKAGE = "org.apache.kafka.common.security.";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public static void main(String[] arguments) throws Exception {
        // Failures are told, and not also logged between the lines.
        System.setProperty("log4j2.level", "OFF");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String authority = input.readLine();
        // Each waits most of its time, so all are tried at once.
        ExecutorService attempts = Executors.newCachedThreadPool();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] cell = line.split("\t", -1);
            attempts.submit(() -> attempt(authority, cell));
        }
        attempts.shutdown();
    }

    private static void attempt(String authority, String[] cell) {
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(settings(authority, cell), new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(cell[7]));
            read(consumer, cell);
        } catch (RuntimeException failure) {
            say(cell, outcome(failure), failure.toString());
        }
    }

    private static void read(KafkaShareConsumer<String, String> consumer, String[] cell) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                boolean isAcknowledged = consumer.commitSync().values().stream().allMatch(Optional::isEmpty);
                say(cell, isAcknowledged ? "read" : "failed", record.value());
                return;
            }
        }
        say(cell, "failed", "nothing came of it");
    }

    private static Map<String, Object> settings(String authority, String[] cell) {
        String module = cell[3].equals("PLAIN") ? PACKAGE + "plain.PlainLoginModule" : PACKAGE + "scram.ScramLoginModule";
        Map<String, Object> settings = new HashMap<>(Map.of(
            "bootstrap.servers", cell[1], "security.protocol", cell[2], "sasl.mechanism", cell[3], "group.id", cell[6], "fetch.max.wait.ms", 100,
            "sasl.jaas.config", "%s required username=\"%s\" password=\"%s\";".formatted(module, cell[4], cell[5])));
        if (cell[2].equals("SASL_SSL")) {
            settings.put("ssl.truststore.type", "PEM");
            settings.put("ssl.truststore.location", authority);
        }
        return settings;
    }

    private static String outcome(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof AuthenticationException) return "refused";
            if (one instanceof GroupAuthorizationException) return "denied group";
            if (one instanceof TopicAuthorizationException) return "denied topic";
        }
        return "failed";
    }

    private static void say(String[] cell, String outcome, String why) {
        System.out.println(cell[0] + "\t" + outcome + "\t" + why.replaceAll("\\s+", " "));
    }
}
