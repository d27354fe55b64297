using System.Globalization;
using System.Text;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>Kafka's console consumer, from an offset of a partition, which writes the bytes as they are.</summary>
internal sealed class ConsoleReader : MatrixReader
{
    public override async Task<IReadOnlyList<byte[]>> ReadAsync(string address, IReadOnlyList<WrittenTopic> topics)
    {
        string[] properties = ["print.timestamp=true", "print.partition=true", "print.offset=true", "print.headers=true", "print.key=true", "null.literal=NIL"];
        using var run = new JavaTools();
        foreach (var topic in topics)
        {
            run.AddReading(
            [
                "org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server", address, "--topic", topic.Name, "--partition", "0", "--offset", "0",
                "--max-messages", $"{topic.Records.Count}", "--timeout-ms", "20000", .. properties.SelectMany(static property => new[] { "--formatter-property", property }),
            ]);
        }

        return await run.RunAsync("Kafka's console consumer");
    }

    public override byte[] Expected(IReadOnlyList<MatrixRecord> records)
    {
        using var expected = new MemoryStream();
        for (var offset = 0; offset < records.Count; offset++)
        {
            var record = records[offset];
            Write(expected, string.Create(CultureInfo.InvariantCulture, $"CreateTime:{record.Timestamp}\tPartition:0\tOffset:{offset}\t"));
            var separator = "";
            if (record.Headers.Count == 0) Write(expected, "NO_HEADERS");
            foreach (var header in record.Headers)
            {
                Write(expected, $"{separator}{header.Key}:");
                expected.Write(header.Value ?? "NIL"u8.ToArray());
                separator = ",";
            }

            Write(expected, "\t");
            expected.Write(record.Key ?? "NIL"u8.ToArray());
            Write(expected, "\t");
            expected.Write(record.Value ?? "NIL"u8.ToArray());
            Write(expected, "\n");
        }

        return expected.ToArray();
    }

    private static void Write(MemoryStream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
