import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Tries to write a record as somebody, a line of standard input each; says a line each of what came of it. The first line
 * is the address.
 *
 *   NUMBER \t MECHANISM \t USER \t SECRET \t TOPIC     ->    NUMBER \t entered|denied|refused|failed \t WHY
 */
public class SecurityClient {
    private static final String PACKAGE = "org.apache.kafka.common.security.";

    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String address = input.readLine();
        Path folder = Files.createTempDirectory("moldau-security-");
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] cell = line.split("\t", -1);
            Map<String, Object> settings = settings(address, cell, folder);
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>(cell[4], "of " + cell[1])).get();
                say(cell, "entered", "");
            } catch (ExecutionException failure) {
                say(cell, outcome(failure.getCause()), failure.getCause().toString());
            } catch (RuntimeException failure) {
                say(cell, outcome(failure), failure.toString());
            }
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }

    private static Map<String, Object> settings(String address, String[] cell, Path folder) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of(
            "bootstrap.servers", address, "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", cell[1], "max.block.ms", 15000, "acks", "all"));
        if (cell[1].equals("GSSAPI")) {
            String[] files = cell[3].split("\\|");
            System.setProperty("java.security.krb5.conf", files[1]);
            settings.put("sasl.kerberos.service.name", "kafka");
            settings.put("sasl.jaas.config", "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true keyTab=\"%s\" principal=\"%s\";".formatted(files[0], cell[2]));
            return settings;
        }

        if (!cell[1].equals("OAUTHBEARER")) {
            String module = cell[1].equals("PLAIN") ? PACKAGE + "plain.PlainLoginModule" : PACKAGE + "scram.ScramLoginModule";
            settings.put("sasl.jaas.config", "%s required username=\"%s\" password=\"%s\";".formatted(module, cell[2], cell[3]));
            return settings;
        }

        Path token = Files.writeString(folder.resolve(cell[0]), cell[3]);
        String url = token.toUri().toString();
        String allowed = System.getProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls");
        System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls", allowed == null ? url : allowed + "," + url);
        // Logins are shared among those whose texts are the same.
        settings.put("sasl.jaas.config", "%soauthbearer.OAuthBearerLoginModule required extension_cell=\"%s\";".formatted(PACKAGE, "abcdefghijklmnop".charAt(Integer.parseInt(cell[0]))));
        settings.put("sasl.login.callback.handler.class", PACKAGE + "oauthbearer.OAuthBearerLoginCallbackHandler");
        settings.put("sasl.oauthbearer.token.endpoint.url", url);
        return settings;
    }

    private static String outcome(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof AuthenticationException) return "refused";
            if (one instanceof AuthorizationException) return "denied";
        }
        return "failed";
    }

    private static void say(String[] cell, String outcome, String why) {
        System.out.println(cell[0] + "\t" + outcome + "\t" + why.replaceAll("\\s+", " "));
    }
}
