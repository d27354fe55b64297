import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * Says what Kafka knows of its settings. A line a question, parts between tabs, texts as four hexadecimal digits a letter:
 *
 *   facts                    ->  setting  TABLE  NAME  TYPE  DEFAULT  IMPORTANCE  VALIDATOR  INTERNAL  MODE   of each,
 *                                mode  NAME  MODE   of what can be changed, and   stands-in  NAME  NAME,NAME
 *   value  TABLE NAME TEXT   ->  taken  TEXT  or  refused
 *   properties  TEXT         ->  read  NAME=VALUE ...  or  refused
 *   resolve  TEXT            ->  the same, with what config providers say in its place
 *   together TABLE TEXT      ->  taken  or  refused, for all the properties in the text at once
 */
public final class Settings {
    private static final Map<String, ConfigDef> TABLES = Map.of(
        "broker", kafka.server.KafkaConfig.configDef(), "topic", LogConfig.configDefCopy(),
        "group", GroupConfig.CONFIG_DEF, "client-metrics", ClientMetricsConfigs.configDef());

    public static void main(String[] arguments) throws Exception {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
             PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] question = line.split("\t", -1);
                switch (question[0]) {
                    case "facts" -> facts(out);
                    case "value" -> out.print(value(question[1], question[2], text(question[3])) + "\n");
                    case "properties" -> out.print(properties(text(question[1]), false) + "\n");
                    case "together" -> out.print(together(question[1], text(question[2])) + "\n");
                    default -> out.print(properties(text(question[1]), true) + "\n");
                }
            }
        }
    }

    private static void facts(PrintStream out) {
        Map<String, String> modes = DynamicBrokerConfig.dynamicConfigUpdateModes();
        for (String table : new TreeSet<>(TABLES.keySet())) {
            for (ConfigDef.ConfigKey key : new TreeMap<>(TABLES.get(table).configKeys()).values()) {
                String value = !key.hasDefault() ? "(required)" : key.defaultValue == null ? "(null)" : ConfigDef.convertToString(key.defaultValue, key.type);
                String mode = table.equals("broker") ? modes.getOrDefault(key.name, "read-only") : "";
                out.print(String.join("\t", "setting", table, key.name, key.type.toString(), value, key.importance.toString(),
                    key.validator == null ? "" : key.validator.toString(), String.valueOf(key.internalConfig), mode) + "\n");
            }
        }
        new TreeMap<>(modes).forEach((name, mode) -> out.print("mode\t" + name + "\t" + mode + "\n"));
        new TreeMap<>(ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS).forEach((name, synonyms) ->
            out.print("stands-in\t" + name + "\t" + String.join(",", synonyms.stream().map(synonym -> synonym.name()).toList()) + "\n"));
        for (Map.Entry<String, Optional<String>> entry : new TreeMap<>(GroupConfig.ALL_GROUP_CONFIG_SYNONYMS).entrySet()) {
            if (GroupConfig.CONFIG_DEF.names().contains(entry.getKey()))
                out.print("stands-in\t" + entry.getKey() + "\t" + entry.getValue().orElse("") + "\n");
        }
        for (String name : new TreeSet<>(TABLES.get("broker").names())) {
            List<String> synonyms = DynamicBrokerConfig.brokerConfigSynonyms(name, true);
            if (synonyms.size() > 1) out.print("stands-in\t" + name + "\t" + String.join(",", synonyms) + "\n");
        }
    }

    private static String value(String table, String name, String text) {
        try {
            ConfigDef alone = new ConfigDef();
            ConfigDef.ConfigKey key = TABLES.get(table).configKeys().get(name);
            alone.define(key);
            return "taken\t" + hex(ConfigDef.convertToString(alone.parse(Map.of(name, text)).get(name), key.type));
        } catch (Exception e) {
            return "refused";
        }
    }

    private static String together(String table, String text) throws Exception {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        Map<String, String> values = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) values.put(name, properties.getProperty(name));
        try {
            switch (table) {
                case "topic" -> LogConfig.validate(Map.of(), values, Map.of(), false);
                case "client-metrics" -> ClientMetricsConfigs.validate("name", properties);
                case "group" -> {
                    kafka.server.KafkaConfig broker = broker(Map.of());
                    GroupConfig.validate(values, broker.groupCoordinatorConfig(), broker.shareGroupConfig());
                }
                default -> broker(values);
            }
            return "taken";
        } catch (Exception e) {
            return "refused\t" + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        }
    }

    private static kafka.server.KafkaConfig broker(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(Map.of("process.roles", "broker", "node.id", "1", "controller.listener.names", "CONTROLLER",
            "controller.quorum.bootstrap.servers", "localhost:9093", "listeners", "PLAINTEXT://:9092", "log.dirs", "moldau-data",
            "listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT"));
        properties.putAll(values);
        return kafka.server.KafkaConfig.fromProps(properties, false);
    }

    private static String properties(String text, boolean resolves) {
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(text));
            Map<String, Object> values = new TreeMap<>();
            for (String name : properties.stringPropertyNames()) values.put(name, properties.getProperty(name));
            if (resolves) values = new TreeMap<>(new AbstractConfig(new ConfigDef(), values, false).originals());
            StringBuilder line = new StringBuilder("read\t");
            values.forEach((name, value) -> line.append(hex(name)).append('=').append(hex((String) value)).append(' '));
            return line.toString();
        } catch (Exception e) {
            return "refused";
        }
    }

    private static String text(String hex) {
        StringBuilder text = new StringBuilder(hex.length() / 4);
        for (int i = 0; i < hex.length(); i += 4) text.append((char) Integer.parseInt(hex, i, i + 4, 16));
        return text.toString();
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder(text.length() * 4);
        for (int i = 0; i < text.length(); i++) hex.append("%04x".formatted((int) text.charAt(i)));
        return hex.toString();
    }
}
