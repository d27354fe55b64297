import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.server.telemetry.ClientTelemetry;
import org.apache.kafka.server.telemetry.ClientTelemetryReceiver;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;

/** Takes what clients push to Kafka's broker, and adds a line for each push to the file that the property telemetry.receiver.file names. */
public class TelemetryReceiver implements MetricsReporter, ClientTelemetry {
    private Path file;

    @Override
    public void configure(Map<String, ?> settings) {
        file = Path.of(String.valueOf(settings.get("telemetry.receiver.file")));
    }

    @Override
    public ClientTelemetryReceiver clientReceiver() {
        return (context, payload) -> {
            TreeSet<String> metrics = new TreeSet<>();
            String labels = "";
            try {
                for (var resource : MetricsData.parseFrom(payload.data()).getResourceMetricsList()) {
                    for (var label : resource.getResource().getAttributesList()) labels += label.getKey() + "=" + label.getValue().getStringValue() + ",";
                    for (var scope : resource.getScopeMetricsList()) {
                        for (Metric metric : scope.getMetricsList()) metrics.add(metric.getName() + (metric.hasSum() ? ":" + metric.getSum().getAggregationTemporality() : ""));
                    }
                }
                String line = payload.clientInstanceId() + " " + context.clientId() + " " + payload.isTerminating() + " " + labels + " " + String.join(";", metrics) + "\n";
                Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        };
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
    }

    @Override
    public void metricChange(KafkaMetric metric) {
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
    }

    @Override
    public void close() {
    }
}
