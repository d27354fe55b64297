import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Exit;

/** Runs Kafka's command line tools one after the other, a line each: class and arguments, with tabs between. */
public class ToolRunner {
    private static class Ended extends RuntimeException {
        Ended() {
            super(null, null, false, false);
        }
    }

    public static void main(String[] none) throws Exception {
        PrintStream answers = System.out;
        Exit.setExitProcedure((status, message) -> {
            throw new Ended();
        });
        Exit.setHaltProcedure((status, message) -> {
            throw new Ended();
        });
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split("\t");
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            PrintStream stream = new PrintStream(output, true, "UTF-8");
            System.setOut(stream);
            System.setErr(stream);
            run(words[0], Arrays.copyOfRange(words, 1, words.length), stream);
            answers.println("== " + String.join(" ", words));
            answers.println(output.toString("UTF-8"));
        }
        answers.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void run(String tool, String[] arguments, PrintStream stream) throws Exception {
        try {
            Class.forName(tool).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (java.lang.reflect.InvocationTargetException failed) {
            if (!(failed.getCause() instanceof Ended)) {
                stream.println("failed: " + failed.getCause());
            }
        }
    }
}
