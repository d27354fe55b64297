import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignorException;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;
import org.apache.kafka.coordinator.group.assignor.RangeAssignor;
import org.apache.kafka.coordinator.group.assignor.SimpleAssignor;
import org.apache.kafka.coordinator.group.assignor.UniformAssignor;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMemberValue;
import org.apache.kafka.coordinator.group.modern.Assignment;
import org.apache.kafka.coordinator.group.modern.GroupSpecImpl;
import org.apache.kafka.coordinator.group.modern.MemberSubscriptionAndAssignmentImpl;
import org.apache.kafka.timeline.SnapshotRegistry;
import org.apache.kafka.timeline.TimelineHashMap;

/**
 * What Kafka's assignors decide. A line: the assignor, 'same' or 'different', topics as 'id=partitions' parted by commas, then a
 * word a member: its id, instance id, topics' numbers and 'number:partitions' of its assignment, parted by slashes. The answer is
 * a word a member, in the order in which the assignor met them: its id and its new assignment.
 */
public final class Assignors {
    private final List<Uuid> topics = new ArrayList<>();
    private final Map<Uuid, Integer> counts = new HashMap<>();
    private final Map<Uuid, Map<Integer, String>> owners = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) out.append(new Assignors().answer(line.split(" "))).append('\n');
        System.out.print(out);
    }

    private String answer(String[] words) {
        PartitionAssignor assignor = words[0].equals("uniform") ? new UniformAssignor() : words[0].equals("range") ? new RangeAssignor() : new SimpleAssignor();
        var type = words[1].equals("same") ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS;
        for (String topic : words[2].split(",")) {
            String[] parts = topic.split("=");
            topics.add(Uuid.fromString(parts[0]));
            counts.put(topics.get(topics.size() - 1), Integer.parseInt(parts[1]));
        }

        // As the coordinator holds its members, and as it hands them over.
        var joined = new TimelineHashMap<String, MemberSubscriptionAndAssignmentImpl>(new SnapshotRegistry(new LogContext()), 0);
        for (int index = 3; index < words.length; index++) member(words[index].split("/", -1), joined);
        var members = new HashMap<String, MemberSubscriptionAndAssignmentImpl>();
        joined.forEach(members::put);
        try {
            var group = words[0].equals("simple")
                ? new GroupSpecImpl(Collections.unmodifiableMap(members), type, owners, Optional.of(assignable()))
                : new GroupSpecImpl(Collections.unmodifiableMap(members), type, owners);
            var assigned = assignor.assign(group, describer()).members();
            var out = new StringBuilder();
            for (String id : members.keySet()) {
                out.append(id).append('/');
                if (assigned.containsKey(id)) text(assigned.get(id).partitions(), out);
                out.append(' ');
            }
            return out.toString();
        } catch (PartitionAssignorException problem) {
            return "error " + problem.getMessage();
        }
    }

    private void member(String[] parts, Map<String, MemberSubscriptionAndAssignmentImpl> members) {
        Set<Uuid> subscribed = new LinkedHashSet<>();
        for (String number : parts[2].split(",")) if (!number.isEmpty()) subscribed.add(topics.get(Integer.parseInt(number)));
        var value = new ConsumerGroupTargetAssignmentMemberValue();
        for (String topic : parts[3].split(";")) {
            if (topic.isEmpty()) continue;
            String[] both = topic.split(":", -1);
            Uuid id = topics.get(Integer.parseInt(both[0]));
            List<Integer> partitions = new ArrayList<>();
            for (String partition : both[1].split(",")) {
                if (partition.isEmpty()) continue;
                partitions.add(Integer.valueOf(partition));
                owners.computeIfAbsent(id, key -> new HashMap<>()).put(Integer.valueOf(partition), parts[0]);
            }
            value.topicPartitions().add(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition().setTopicId(id).setPartitions(partitions));
        }
        members.put(parts[0], new MemberSubscriptionAndAssignmentImpl(
            Optional.empty(), parts[1].isEmpty() ? Optional.empty() : Optional.of(parts[1]), subscribed, Assignment.fromRecord(value)));
    }

    private void text(Map<Uuid, Set<Integer>> partitions, StringBuilder out) {
        String separator = "";
        for (var topic : partitions.entrySet()) {
            out.append(separator).append(topics.indexOf(topic.getKey())).append(':');
            separator = ";";
            String comma = "";
            for (int partition : topic.getValue()) {
                out.append(comma).append(partition);
                comma = ",";
            }
        }
    }

    // Partitions of share groups may be given when their state is initialized: here most are.
    private Map<Uuid, Set<Integer>> assignable() {
        Map<Uuid, Set<Integer>> all = new HashMap<>();
        for (int number = 0; number < topics.size(); number++) {
            Set<Integer> ofTopic = new HashSet<>();
            for (int partition = 0; partition < counts.get(topics.get(number)); partition++) if ((number + partition) % 5 != 4) ofTopic.add(partition);
            all.put(topics.get(number), ofTopic);
        }
        return all;
    }

    private SubscribedTopicDescriber describer() {
        return new SubscribedTopicDescriber() {
            @Override public int numPartitions(Uuid topic) {
                return counts.getOrDefault(topic, -1);
            }

            @Override public Set<String> racksForPartition(Uuid topic, int partition) {
                return Set.of();
            }
        };
    }
}
