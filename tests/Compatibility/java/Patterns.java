import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What RE2/J says to regular expressions. A line: an expression and names, each in base64, parted by spaces. The answer is a
 * digit for each name, 1 where all of it matches, or 'error' and the reason.
 */
public final class Patterns {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) {
            String[] parts = line.split(" ");
            try {
                Pattern pattern = Pattern.compile(text(parts[0]));
                for (int index = 1; index < parts.length; index++) out.append(pattern.matcher(text(parts[index])).matches() ? '1' : '0');
            } catch (PatternSyntaxException problem) {
                out.append("error ").append(problem.getDescription());
            }
            out.append('\n');
        }
        System.out.print(out);
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64.substring(1)), StandardCharsets.UTF_16LE);
    }
}
