using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>Kafka's own producer, behind a program of ours that takes records as lines.</summary>
internal sealed class JavaProducer(int records) : MatrixProducer("java", records)
{
    public override bool IsThere => KafkaJars.IsThere;

    public override async Task WriteAsync(string address, IReadOnlyList<(string Codec, IReadOnlyList<MatrixRecord> Records)> parts)
    {
        using var run = new JavaTools();
        run.Add("RecordClient", "create", address, Topic);
        foreach (var (codec, part) in parts) run.Add(part.Select(static record => record.Line), "RecordClient", "produce", address, Topic, codec);
        await run.RunAsync("Java's producer");
    }
}
