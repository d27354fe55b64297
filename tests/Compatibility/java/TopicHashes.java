import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataImage;
import org.apache.kafka.coordinator.group.Utils;

/**
 * Kafka's hashes of what assignments depend on. A line: a word a topic: its id, name, and the racks of each of its partitions,
 * parted by slashes, partitions by semicolons and racks by commas. The answer is the hash of each topic, then of all.
 */
public final class TopicHashes {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) {
            var hashes = new HashMap<String, Long>();
            for (String word : line.split(" ")) {
                String[] parts = word.split("/", -1);
                long hash = Utils.computeTopicHash(parts[1], image(parts));
                hashes.put(parts[1], hash);
                out.append(hash).append(' ');
            }
            out.append(Utils.computeGroupHash(hashes)).append('\n');
        }
        System.out.print(out);
    }

    private static CoordinatorMetadataImage image(String[] parts) {
        String[] partitions = parts[2].split(";", -1);
        var topic = proxy(CoordinatorMetadataImage.TopicMetadata.class, (name, given) -> switch (name) {
            case "id" -> Uuid.fromString(parts[0]);
            case "name" -> parts[1];
            case "partitionCount" -> partitions.length;
            case "partitionRacks" -> racks(partitions[(Integer) given[0]]);
            default -> throw new IllegalStateException(name);
        });
        return proxy(CoordinatorMetadataImage.class, (name, given) -> Optional.of(topic));
    }

    private static List<String> racks(String text) {
        return text.isEmpty() ? new ArrayList<>() : new ArrayList<>(List.of(text.split(",")));
    }

    private interface Answer {
        Object to(String method, Object[] given);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> answer.to(method.getName(), given)));
    }
}
