import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.metadata.authorizer.StandardAcl;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/**
 * What Kafka's authorizer decides. Words of a line are parted by tabs: 'new', whether everybody may where there is no rule, and super
 * users; 'rule' and what it says; 'ask' and a question; 'any' and a question about a kind of resource.
 */
public final class Authorizer {
    private final StandardAuthorizer authorizer = new StandardAuthorizer();
    private final Map<Uuid, StandardAcl> rules = new HashMap<>();
    private boolean isLoaded;

    private Authorizer(String allows, String supers) {
        authorizer.configure(Map.of("allow.everyone.if.no.acl.found", allows, "super.users", supers, "node.id", "1"));
        authorizer.withPluginMetrics(new PluginMetricsImpl(new Metrics(), Map.of()));
    }

    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new StringBuilder();
        Authorizer current = null;
        for (String line; (line = lines.readLine()) != null; ) {
            String[] words = line.split("\t", -1);
            switch (words[0]) {
                case "new" -> current = new Authorizer(words[1], words[2]);
                case "rule" -> current.add(words);
                default -> out.append(current.answer(words)).append('\n');
            }
        }
        System.out.print(out);
    }

    private void add(String[] words) {
        var rule = new StandardAcl(
            ResourceType.fromCode(Byte.parseByte(words[1])), words[2], PatternType.fromCode(Byte.parseByte(words[3])), words[4], words[5],
            AclOperation.fromCode(Byte.parseByte(words[6])), AclPermissionType.fromCode(Byte.parseByte(words[7])));
        rules.put(Uuid.randomUuid(), rule);
    }

    private String answer(String[] words) throws Exception {
        if (!isLoaded) {
            authorizer.loadSnapshot(rules);
            authorizer.completeInitialLoad();
            isLoaded = true;
        }
        var context = new Context(new KafkaPrincipal("User", words[1]), InetAddress.getByName(words[2]));
        var type = ResourceType.fromCode(Byte.parseByte(words[3]));
        var operation = AclOperation.fromCode(Byte.parseByte(words[4]));
        if (words[0].equals("any")) return authorizer.authorizeByResourceType(context, operation, type) == AuthorizationResult.ALLOWED ? "y" : "n";
        var action = new Action(operation, new ResourcePattern(type, words[5], PatternType.LITERAL), 1, false, false);
        return authorizer.authorize(context, List.of(action)).get(0) == AuthorizationResult.ALLOWED ? "y" : "n";
    }

    private record Context(KafkaPrincipal principal, InetAddress clientAddress) implements AuthorizableRequestContext {
        @Override
        public String listenerName() {
            return "PLAINTEXT";
        }

        @Override
        public SecurityProtocol securityProtocol() {
            return SecurityProtocol.PLAINTEXT;
        }

        @Override
        public int requestType() {
            return 0;
        }

        @Override
        public int requestVersion() {
            return 0;
        }

        @Override
        public String clientId() {
            return "";
        }

        @Override
        public int correlationId() {
            return 0;
        }
    }
}
