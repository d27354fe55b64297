namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>Kafka's own consumer, behind a program of ours that tells records as lines.</summary>
internal sealed class JavaReader : MatrixReader
{
    public override async Task<IReadOnlyList<byte[]>> ReadAsync(string address, IReadOnlyList<WrittenTopic> topics)
    {
        using var run = new JavaTools();
        foreach (var topic in topics) run.AddReading("RecordClient", "consume", address, topic.Name, $"{topic.Records.Count}");
        return await run.RunAsync("Java's consumer");
    }
}
