import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs Kafka's command line tools one after the other, a line each: class and arguments, with tabs between. A last word
 * '<FILE' is what the tool reads, '>FILE' where its output goes; its errors are told here all the same.
 */
public class ToolRunner {
    private static class Ended extends RuntimeException {
        Ended() {
            super(null, null, false, false);
        }
    }

    /** What the tools want done when their process ends, which it does not yet. */
    private static final List<Runnable> atEnd = new ArrayList<>();

    public static void main(String[] none) throws Exception {
        PrintStream answers = System.out;
        Exit.setExitProcedure((status, message) -> {
            throw new Ended();
        });
        Exit.setHaltProcedure((status, message) -> {
            throw new Ended();
        });
        Exit.setShutdownHookAdder((name, hook) -> atEnd.add(hook));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            List<String> words = new ArrayList<>(List.of(line.split("\t", -1)));
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            PrintStream errors = new PrintStream(said, true, "UTF-8");
            String last = words.get(words.size() - 1);
            if (last.startsWith("<") || last.startsWith(">")) {
                words.remove(words.size() - 1);
            }
            try (InputStream read = last.startsWith("<") ? new BufferedInputStream(new FileInputStream(last.substring(1))) : InputStream.nullInputStream();
                OutputStream file = last.startsWith(">") ? new BufferedOutputStream(new FileOutputStream(last.substring(1)), 1 << 16) : null) {
                System.setIn(read);
                System.setOut(file == null ? errors : new PrintStream(file, false, "UTF-8"));
                System.setErr(errors);
                run(words.get(0), words.subList(1, words.size()).toArray(new String[0]), errors);
                System.out.flush();
            }
            answers.println("== " + String.join(" ", words));
            answers.println(said.toString("UTF-8"));
        }
        answers.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void run(String tool, String[] arguments, PrintStream errors) throws Exception {
        try {
            Class.forName(tool).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (java.lang.reflect.InvocationTargetException failed) {
            if (!(failed.getCause() instanceof Ended)) {
                errors.println("failed: " + failed.getCause());
            }
        }
        for (Runnable hook : atEnd) {
            hook.run();
        }
        atEnd.clear();
    }
}
