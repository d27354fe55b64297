import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.coordinator.group.streams.assignor.AssignmentMemberSpec;
import org.apache.kafka.coordinator.group.streams.assignor.GroupSpecImpl;
import org.apache.kafka.coordinator.group.streams.assignor.StickyTaskAssignor;
import org.apache.kafka.coordinator.group.streams.assignor.TopologyDescriber;
import org.apache.kafka.timeline.SnapshotRegistry;
import org.apache.kafka.timeline.TimelineHashMap;

/**
 * What Kafka's assignor of streams groups decides. A line: the number of standby copies, subtopologies as 'id=tasks' parted by
 * commas, with a '*' behind those that have state, then a word a member: its id, its process, and its active and standby tasks as
 * '0_1,0_2', parted by slashes; members in the order in which they joined, the one that speaks last. The answer is a word a member, in
 * the order of their ids: its id, active and standby tasks.
 */
public final class TaskAssignors {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) out.append(answer(line.split(" "))).append('\n');
        System.out.print(out);
    }

    private static String answer(String[] words) {
        var parts = new LinkedHashMap<String, Integer>();
        var stateful = new TreeSet<String>();
        for (String part : words[1].split(",")) {
            String[] both = part.replace("*", "").split("=");
            parts.put(both[0], Integer.parseInt(both[1]));
            if (part.endsWith("*")) stateful.add(both[0]);
        }

        // As the coordinator holds its members, and as it hands them over.
        var joined = new TimelineHashMap<String, AssignmentMemberSpec>(new SnapshotRegistry(new LogContext()), 0);
        for (int index = 2; index < words.length - 1; index++) member(words[index].split("/", -1), joined);
        var members = new HashMap<String, AssignmentMemberSpec>();
        joined.forEach(members::put);
        member(words[words.length - 1].split("/", -1), members);
        var assigned = new StickyTaskAssignor().assign(new GroupSpecImpl(members, Map.of("num.standby.replicas", words[0])), new TopologyDescriber() {
            @Override public boolean isStateful(String subtopology) {
                return stateful.contains(subtopology);
            }

            @Override public List<String> subtopologies() {
                return List.copyOf(parts.keySet());
            }

            @Override public int maxNumInputPartitions(String subtopology) {
                return parts.get(subtopology);
            }
        }).members();
        var out = new StringBuilder();
        for (var member : new TreeMap<>(assigned).entrySet()) {
            out.append(member.getKey()).append('/').append(text(member.getValue().activeTasks())).append('/').append(text(member.getValue().standbyTasks())).append(' ');
        }
        return out.toString();
    }

    private static void member(String[] parts, Map<String, AssignmentMemberSpec> members) {
        members.put(parts[0], new AssignmentMemberSpec(
            Optional.empty(), Optional.empty(), tasks(parts[2]), tasks(parts[3]), Map.of(), parts[1], Map.of(), Map.of(), Map.of()));
    }

    private static Map<String, Set<Integer>> tasks(String text) {
        Map<String, Set<Integer>> tasks = new HashMap<>();
        for (String task : text.split(",")) {
            if (task.isEmpty()) continue;
            String[] both = task.split("_");
            tasks.computeIfAbsent(both[0], key -> new TreeSet<>()).add(Integer.parseInt(both[1]));
        }
        return tasks;
    }

    private static String text(Map<String, Set<Integer>> tasks) {
        var words = new StringBuilder();
        for (var part : new TreeMap<>(tasks).entrySet()) {
            for (int task : new TreeSet<>(part.getValue())) words.append(words.length() == 0 ? "" : ",").append(part.getKey()).append('_').append(task);
        }
        return words.toString();
    }
}
