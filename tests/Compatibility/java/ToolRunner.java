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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs Kafka's command line tools one after the other, a line each: class and arguments, with tabs between. A last word
 * '<FILE' is what the tool reads, '>FILE' where its output goes; its errors are told here all the same. With a last word
 * '?TEXT' the tool is run again until it says so, or with '?!TEXT' until it does not: what was changed may show a little later.
 * With '??TEXT&TEXT' it is run once, and waited for until threads that it left behind have said all of it.
 * A word '^N' stands for the code of the Nth delegation token that was made.
 * Before each output stands '== ', how many milliseconds it took, and the line.
 */
public class ToolRunner {
    private static class Ended extends RuntimeException {
        Ended() {
            super(null, null, false, false);
        }
    }

    /** The first that the tool asked to end with: where it catches everything it asks again. */
    private static Integer status;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    private static final Duration LONGEST_RUN = Duration.ofSeconds(100);

    /** What proves the delegation tokens that were made. */
    private static final List<String> codes = new ArrayList<>();

    private static final Pattern MADE = Pattern.compile("^Created delegation token.*^\\S+\\s+(\\S{88})\\s", Pattern.MULTILINE | Pattern.DOTALL);

    /** What the tools want done when their process ends, which it does not yet. */
    private static final List<Runnable> atEnd = new ArrayList<>();

    public static void main(String[] none) throws Exception {
        PrintStream answers = System.out;
        PrintStream faults = System.err;
        Exit.setExitProcedure((wanted, message) -> end(wanted));
        Exit.setHaltProcedure((wanted, message) -> end(wanted));
        Exit.setShutdownHookAdder((name, hook) -> atEnd.add(hook));
        Timer watch = new Timer("watch", true);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            List<String> words = new ArrayList<>(List.of(line.split("\t", -1)));
            words.replaceAll(word -> word.matches("\\^\\d+") ? codes.get(Integer.parseInt(word.substring(1)) - 1) : word);
            String awaited = words.get(words.size() - 1).startsWith("?") ? words.remove(words.size() - 1).substring(1) : null;
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            TimerTask tooLong = tooLong(words, said, faults);
            watch.schedule(tooLong, LONGEST_RUN.toMillis());
            long began = System.nanoTime();
            runUntil(awaited, words, said);
            tooLong.cancel();
            Matcher made = MADE.matcher(said.toString("UTF-8"));
            if (made.find()) {
                codes.add(made.group(1));
            }
            answers.println("== " + (System.nanoTime() - began) / 1_000_000 + " " + String.join(" ", words));
            answers.println(said.toString("UTF-8"));
        }
        answers.flush();
        Runtime.getRuntime().halt(0);
    }

    /** One that never ends would leave a test without a word of why: here it ends with what was said, and where it stands. */
    private static TimerTask tooLong(List<String> words, ByteArrayOutputStream said, PrintStream faults) {
        Thread runner = Thread.currentThread();
        return new TimerTask() {
            @Override
            public void run() {
                faults.println("it did not end in " + LONGEST_RUN.toSeconds() + " s: " + String.join(" ", words));
                faults.println(said.toString(StandardCharsets.UTF_8));
                for (StackTraceElement place : runner.getStackTrace()) {
                    faults.println("  at " + place);
                }
                faults.flush();
                Runtime.getRuntime().halt(3);
            }
        };
    }

    private static void runUntil(String awaited, List<String> words, ByteArrayOutputStream said) throws Exception {
        PrintStream errors = new PrintStream(said, true, "UTF-8");
        String last = words.get(words.size() - 1);
        if (last.startsWith("<") || last.startsWith(">")) {
            words.remove(words.size() - 1);
        }
        long until = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            said.reset();
            runWithFile(words, last, errors);
            boolean isOnce = awaited != null && awaited.startsWith("?");
            while (isOnce && System.nanoTime() < until && !isThere(awaited, said.toString("UTF-8"))) {
                Thread.sleep(20);
            }
            if (awaited == null || isThere(awaited, said.toString("UTF-8"))) {
                return;
            }
            if (System.nanoTime() >= until) {
                errors.println("waited in vain for '" + awaited + "'");
                return;
            }
            Thread.sleep(20);
        }
    }

    private static boolean isThere(String awaited, String said) {
        return awaited.startsWith("?") ? List.of(awaited.substring(1).split("&")).stream().allMatch(said::contains)
            : awaited.startsWith("!") ? !said.contains(awaited.substring(1))
            : said.contains(awaited);
    }

    private static void runWithFile(List<String> words, String last, PrintStream errors) throws Exception {
        try (InputStream read = last.startsWith("<") ? new BufferedInputStream(new FileInputStream(last.substring(1))) : InputStream.nullInputStream();
            OutputStream file = last.startsWith(">") ? new BufferedOutputStream(new FileOutputStream(last.substring(1)), 1 << 16) : null) {
            System.setIn(read);
            System.setOut(file == null ? errors : new PrintStream(file, false, "UTF-8"));
            System.setErr(errors);
            run(words.get(0), words.subList(1, words.size()).toArray(new String[0]), errors);
            System.out.flush();
        }
    }

    /** Its process would be gone: nothing that is said behind this is heard. */
    private static void end(int wanted) {
        if (status == null) {
            status = wanted;
            System.out.flush();
            PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
            System.setOut(nowhere);
            System.setErr(nowhere);
        }
        throw new Ended();
    }

    private static void run(String tool, String[] arguments, PrintStream errors) throws Exception {
        status = null;
        try {
            Class.forName(tool).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (java.lang.reflect.InvocationTargetException failed) {
            if (status == null) {
                errors.println("failed: " + failed.getCause());
            }
        }
        if (status != null && status != 0) {
            errors.println("exit status " + status);
        }
        for (Runnable hook : atEnd) {
            hook.run();
        }
        atEnd.clear();
    }
}
