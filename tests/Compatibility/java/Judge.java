import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Says what Kafka makes of a message. A line a question, a line an answer, parts between tabs:
 *
 *   write  MESSAGE  CONTENT-VERSION  WRITE-VERSION  JSON    ->  bytes  HEX
 *   read   MESSAGE  VERSION  HEX                            ->  content  JSON  HEX-WRITTEN-AGAIN
 *   either                                                  ->  refused  CLASS  TEXT
 *
 * It ends with its input, and so with whoever feeds it.
 */
public final class Judge {
    private static final HexFormat HEX = HexFormat.of();
    private static final String[] PLACES = {
        "org.apache.kafka.common.message.%sData",
        "org.apache.kafka.common.message.%s",
        "org.apache.kafka.coordinator.group.generated.%s",
        "org.apache.kafka.coordinator.transaction.generated.%s",
        "org.apache.kafka.coordinator.share.generated.%s",
    };

    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, Message> messages = new HashMap<>();

    /** One message's class, and its way from and to JSON. */
    private record Message(Class<?> type, Method fromJson, Method toJson) {
        static Message find(String name) throws ReflectiveOperationException {
            for (String place : PLACES) {
                try {
                    Class<?> type = Class.forName(place.formatted(name));
                    Class<?> converter = Class.forName(type.getName() + "JsonConverter");
                    return new Message(type, converter.getMethod("read", JsonNode.class, short.class),
                        converter.getMethod("write", type, short.class, boolean.class));
                } catch (ClassNotFoundException e) {
                    continue;
                }
            }
            throw new ClassNotFoundException("Kafka has no message " + name);
        }

        ApiMessage fromJson(JsonNode json, short version) throws ReflectiveOperationException {
            return (ApiMessage) fromJson.invoke(null, json, version);
        }

        JsonNode toJson(ApiMessage message, short version) throws ReflectiveOperationException {
            return (JsonNode) toJson.invoke(null, message, version, true);
        }

        ApiMessage create() throws ReflectiveOperationException {
            return (ApiMessage) type.getDeclaredConstructor().newInstance();
        }
    }

    public static void main(String[] arguments) throws IOException {
        Judge judge = new Judge();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
             PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) out.print(judge.answer(line.split("\t", -1)) + "\n");
        }
    }

    private String answer(String[] question) {
        try {
            return question[0].equals("write")
                ? write(message(question[1]), Short.parseShort(question[2]), Short.parseShort(question[3]), question[4])
                : read(message(question[1]), Short.parseShort(question[2]), question[3]);
        } catch (InvocationTargetException e) {
            return refusal(e.getCause());
        } catch (Exception e) {
            return refusal(e);
        }
    }

    private String write(Message message, short contentVersion, short version, String json) throws Exception {
        return "bytes\t" + hex(message.fromJson(mapper.readTree(json), contentVersion), version);
    }

    private String read(Message message, short version, String hex) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(HEX.parseHex(hex));
        ApiMessage content = message.create();
        content.read(new ByteBufferAccessor(bytes), version);
        if (bytes.hasRemaining()) return "refused\tLeftOver\t" + bytes.remaining() + " bytes after the message";
        return "content\t" + mapper.writeValueAsString(message.toJson(content, version)) + "\t" + hex(content, version);
    }

    private static String hex(ApiMessage message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(bytes), cache, version);
        if (bytes.hasRemaining()) throw new IllegalStateException(bytes.remaining() + " bytes fewer than measured");
        return HEX.formatHex(bytes.array());
    }

    private Message message(String name) throws ReflectiveOperationException {
        Message known = messages.get(name);
        if (known == null) messages.put(name, known = Message.find(name));
        return known;
    }

    private static String refusal(Throwable cause) {
        return "refused\t" + cause.getClass().getSimpleName() + "\t" + String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
    }
}
