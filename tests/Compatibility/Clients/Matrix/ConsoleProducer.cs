using System.Text;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Records;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>Kafka's console producer, whose records are lines of text with a word for null.</summary>
internal sealed class ConsoleProducer(int records) : MatrixProducer("console", records)
{
    private const string Null = "NIL";

    public override bool IsThere => KafkaJars.IsThere;

    public override bool TakesPresentTime => true;

    public override MatrixRecord Shape(MatrixRecord record, string codec) => record with
    {
        Key = ToText(record.Key),
        Value = ToText(record.Value),
        Headers = [.. record.Headers.Select(static header => new SampleHeader(header.Key, ToText(header.Value)))],
    };

    public override async Task WriteAsync(string address, IReadOnlyList<(string Codec, IReadOnlyList<MatrixRecord> Records)> parts)
    {
        using var run = new JavaTools();
        run.Add("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", address, "--create", "--topic", Topic, "--partitions", "1");
        foreach (var (codec, part) in parts)
        {
            string[] properties = ["parse.key=true", "parse.headers=true", "null.marker=" + Null, "key.separator=|", "headers.delimiter=~", "headers.separator=,", "headers.key.separator=:"];
            run.Add(part.Select(Line), ["org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server", address, "--topic", Topic, "--compression-codec", codec, .. properties.SelectMany(static property => new[] { "--reader-property", property })]);
        }

        await run.RunAsync("Kafka's console producer");
    }

    private static string Line(MatrixRecord record) =>
        $"{(record.Headers.Count == 0 ? Null : string.Join(',', record.Headers.Select(static header => $"{header.Key}:{Text(header.Value)}")))}~{Text(record.Key)}|{Text(record.Value)}";

    private static string Text(byte[]? bytes) => bytes is null ? Null : Encoding.UTF8.GetString(bytes);

    private static byte[]? ToText(byte[]? bytes) => bytes is null ? null : Encoding.ASCII.GetBytes(Convert.ToHexString(bytes));
}
