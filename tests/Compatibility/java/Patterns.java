import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What RE2/J says to regular expressions. A line: an expression and names, each in base64, parted by spaces. The answer is a
 * digit for each name, 1 where all of it matches, or 'error' and the reason, or 'slow' where it takes more than five seconds.
 */
public final class Patterns {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) {
            String[] parts = line.split(" ");
            // One that takes longer goes on in vain; who asked is told.
            var answer = new FutureTask<>(() -> answer(parts));
            var thread = new Thread(answer);
            thread.setDaemon(true);
            thread.start();
            try {
                out.append(answer.get(5, TimeUnit.SECONDS));
            } catch (TimeoutException late) {
                out.append("slow");
            }
            out.append('\n');
        }
        System.out.print(out);
        System.out.flush();
        System.exit(0);
    }

    private static String answer(String[] parts) {
        try {
            Pattern pattern = Pattern.compile(text(parts[0]));
            var answer = new StringBuilder();
            for (int index = 1; index < parts.length; index++) answer.append(pattern.matcher(text(parts[index])).matches() ? '1' : '0');
            return answer.toString();
        } catch (PatternSyntaxException problem) {
            return "error " + problem.getDescription();
        }
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64.substring(1)), StandardCharsets.UTF_16LE);
    }
}
