import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.EndTxnMarker;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;

/**
 * Prints what the jars say about messages: one JSON line a message and version. The tree of fields comes from the
 * schemas that the classes carry; exact names and defaults from an instance; and whether a value may be dropped from
 * what the class file holds: the text of the refusal exists for exactly those fields that may not.
 */
public final class Schemas {
    private static final String REFUSAL = "Attempted to write a non-default ";

    /** Changes of a quorum's voters concern the quorum, though a broker passes them on. */
    private static final Set<ApiKeys> LEFT_OUT = Set.of(ApiKeys.ADD_RAFT_VOTER, ApiKeys.REMOVE_RAFT_VOTER);

    private final StringBuilder out = new StringBuilder();

    public static void main(String[] arguments) throws Exception {
        Schemas schemas = new Schemas();
        schemas.apis();
        schemas.records("group", "__consumer_offsets");
        schemas.records("transaction", "__transaction_state");
        schemas.records("share", "__share_group_state");
        for (Class<?> lone : List.of(RequestHeaderData.class, ResponseHeaderData.class,
                ConsumerProtocolSubscription.class, ConsumerProtocolAssignment.class, EndTxnMarker.class))
            schemas.message(lone, "\"file\":\"message\",\"section\":\"fields\"", Short.MAX_VALUE);
        System.out.print(schemas.out);
    }

    private void apis() throws Exception {
        for (ApiKeys api : ApiKeys.values()) {
            if (!api.inScope(ListenerType.BROKER) || LEFT_OUT.contains(api)) continue;
            var listed = api.toApiVersionForApiResponse(false, ListenerType.BROKER).orElseThrow();
            String head = "\"file\":\"api\",\"number\":" + api.id
                + ",\"advertisedFrom\":" + listed.minVersion() + ",\"advertisedTo\":" + listed.maxVersion();
            short latest = api.latestVersion(false);
            message(api.messageType.newRequest().getClass(), head + ",\"section\":\"request\"", latest);
            message(api.messageType.newResponse().getClass(), head + ",\"section\":\"response\"", latest);
        }
    }

    private void records(String coordinator, String topic) throws Exception {
        Class<?> kinds = Class.forName("org.apache.kafka.coordinator." + coordinator + ".generated.CoordinatorRecordType");
        for (Object kind : kinds.getEnumConstants()) {
            String head = "\"file\":\"record\",\"number\":" + kinds.getMethod("id").invoke(kind) + ",\"topic\":\"" + topic + "\"";
            message(kinds.getMethod("newRecordKey").invoke(kind).getClass(), head + ",\"section\":\"key\"", Short.MAX_VALUE);
            message(kinds.getMethod("newRecordValue").invoke(kind).getClass(), head + ",\"section\":\"value\"", Short.MAX_VALUE);
        }
    }

    private void message(Class<?> type, String head, short latest) throws Exception {
        ApiMessage sample = (ApiMessage) type.getDeclaredConstructor().newInstance();
        Schema[] schemas = (Schema[]) type.getField("SCHEMAS").get(null);
        int highest = Math.min(sample.highestSupportedVersion(), latest);
        for (int version = sample.lowestSupportedVersion(); version <= highest; version++) {
            out.append("{\"message\":").append(text(type.getSimpleName().replaceAll("Data$", ""))).append(',').append(head)
                .append(",\"from\":").append(sample.lowestSupportedVersion()).append(",\"to\":").append(highest)
                .append(",\"version\":").append(version).append(",\"root\":");
            structure(schemas[version], type);
            out.append("}\n");
        }
    }

    private void structure(Schema schema, Class<?> type) throws Exception {
        Object sample = type.getDeclaredConstructor().newInstance();
        Map<String, Field> members = new TreeMap<>();
        for (Field member : type.getDeclaredFields()) members.put(member.getName().toLowerCase(), member);
        boolean flexible = false;
        out.append("{\"fields\":[");
        String separator = "";
        for (BoundField bound : schema.fields()) {
            if (bound.def.type instanceof TaggedFields tagged) {
                flexible = true;
                for (var entry : tagged.fields().entrySet()) {
                    out.append(separator);
                    field(entry.getValue().name, entry.getValue().type, entry.getKey(), members, sample);
                    separator = ",";
                }
            } else {
                out.append(separator);
                field(bound.def.name, bound.def.type, -1, members, sample);
                separator = ",";
            }
        }
        out.append("],\"flexible\":").append(flexible).append(",\"refuses\":[");
        separator = "";
        for (String name : refused(type)) {
            out.append(separator).append(text(capital(name)));
            separator = ",";
        }
        out.append("]}");
    }

    private void field(String snake, org.apache.kafka.common.protocol.types.Type wire, int tag,
            Map<String, Field> members, Object owner) throws Exception {
        Field member = members.get(snake.replace("_", ""));
        if (member == null) throw new IllegalStateException(owner.getClass() + " has no field for " + snake);
        member.setAccessible(true);
        boolean array = wire.arrayElementType().isPresent();
        var element = array ? wire.arrayElementType().get() : wire;
        String kind = element instanceof Schema ? "STRUCT" : element.toString();
        boolean compact = kind.startsWith("COMPACT_");
        out.append("{\"name\":").append(text(capital(member.getName())))
            .append(",\"type\":").append(text(kind.replace("COMPACT_", "").replace("NULLABLE_", "").toLowerCase()))
            .append(",\"array\":").append(array)
            .append(",\"compact\":").append(compact)
            .append(",\"compactArray\":").append(array && wire.toString().startsWith("COMPACT_"))
            .append(",\"nullable\":").append(wire.isNullable())
            .append(",\"tag\":").append(tag)
            .append(",\"default\":").append(text(value(member.get(owner))));
        if (element instanceof Schema inner) {
            out.append(",\"struct\":");
            structure(inner, structureOf(member.getGenericType()));
        }
        out.append('}');
    }

    /** The class of a field's structs: the field's own type, the element of a list, or the element of a keyed collection. */
    private static Class<?> structureOf(Type type) {
        if (type instanceof ParameterizedType list) return (Class<?>) list.getActualTypeArguments()[0];
        Class<?> plain = (Class<?>) type;
        return Collection.class.isAssignableFrom(plain) ? structureOf(plain.getGenericSuperclass()) : plain;
    }

    private static String value(Object value) {
        if (value == null) return "null";
        if (value instanceof byte[] bytes) return bytes.length == 0 ? "empty" : "set";
        if (value instanceof ByteBuffer bytes) return bytes.remaining() == 0 ? "empty" : "set";
        if (value instanceof Collection<?> items) return items.isEmpty() ? "empty" : "set";
        if (value instanceof ApiMessage || value.getClass().getName().contains(".generated.")) return "empty";
        return value.getClass().getName().contains(".message.") ? "empty" : value.toString();
    }

    /** The fields that refuse to be dropped: the constants of the class file, walked entry by entry. */
    private static Set<String> refused(Class<?> type) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        try (InputStream file = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class");
             DataInputStream data = new DataInputStream(file)) {
            data.skipNBytes(8);
            int count = data.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int entry = data.readUnsignedByte();
                switch (entry) {
                    case 1 -> {
                        String constant = data.readUTF();
                        if (constant.startsWith(REFUSAL)) names.add(constant.substring(REFUSAL.length(), constant.indexOf(" at version ")));
                    }
                    case 5, 6 -> {
                        data.skipNBytes(8);
                        i++; // these take two places
                    }
                    case 7, 8, 16, 19, 20 -> data.skipNBytes(2);
                    case 15 -> data.skipNBytes(3);
                    default -> data.skipNBytes(4);
                }
            }
        }
        return names;
    }

    private static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static String text(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
