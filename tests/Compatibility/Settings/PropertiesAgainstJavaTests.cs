using System.Text;
using Moldau.Broker.Settings.Start;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Settings;

/// <summary>A file of properties says the same to us as to <c>java.util.Properties</c>.</summary>
public class PropertiesAgainstJavaTests(ITestOutputHelper output)
{
    private const int Samples = 4000;

    /// <summary>What matters to the syntax, and a little that does not.</summary>
    private static readonly string[] Pieces =
    [
        "a", "b", "name", "=", ":", " ", "\t", "\f", "\n", "\r", "\r\n", "\\", "\\\\", "\\\n", "\\\r\n", "\\\r", "#", "!", "\\n", "\\t", "\\u0041", "\\u00e", "\\u12", "\\uXYZW",
        "\\ ", "\\=", "\\:", "\\#", "é", "\u4e2d", "\ud83d\ude00", "\0", "\u000b", "\u0085", "\u2028", "${env:HOME}", "''", "\"",
    ];

    private static readonly string[] Known =
    [
        "", "\n", "\\", "\\\n", "\\\r\n", "\\\n\n", "a", "a=", "=b", "a=b", "a = b ", "a:b=c", "a b c", "a==b", "a\\=b=c", "#c\na=b", "  # c\n  ! d\na=b", "a=b\\\n  c", "a=b\\\n#c", "\\\n#c\nd=e",
        "a=b\\\n\nc=d", "a=b\\\n   \nc=d", "a=b\\", "a=b\\\\", "a\\\n b=c", "a=1\na=2", "a=\\u0041\\u0042", "a=\\u004", "a\t=\tb", "a\f:\fb", "a=b\rc=d", "a=b\r\nc=d\r\n", "#\\\na=b", "a=#b", "a=\\", "a\\ b=c",
    ];

    [Fact]
    public async Task Random_text_is_read_as_Java_reads_it()
    {
        KafkaJars.Require();
        output.WriteLine(TestSeed.Text);
        var random = TestSeed.For("properties");
        var texts = new List<string>(Known);
        for (var i = 0; i < Samples; i++)
        {
            var text = new StringBuilder();
            for (var piece = random.Next(1, 30); piece > 0; piece--) text.Append(Pieces[random.Next(Pieces.Length)]);
            texts.Add(text.ToString());
        }

        var answers = await KafkaSettings.AskAsync("files of properties", texts.Select(static text => $"properties\t{KafkaSettings.Hex(text)}"));

        Assert.Equal(texts.Count, answers.Count);
        foreach (var (text, theirs) in texts.Zip(answers))
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            var faults = PropertiesReader.Read(text, (name, value, _) => values[name] = value);
            var ours = faults.Count > 0 ? "refused" : KafkaSettings.Hex(values);
            Assert.True(ours == theirs, $"{TestSeed.Text}: {KafkaSettings.Hex(text)}\nours  {ours}\nJava's {theirs}");
        }
    }
}
