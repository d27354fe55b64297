using System.Text;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>A client behind a script that tells records as lines.</summary>
internal sealed class LineReader(Func<Task<string[]>> command) : MatrixReader
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public override async Task<IReadOnlyList<byte[]>> ReadAsync(string address, IReadOnlyList<WrittenTopic> topics)
    {
        var told = new List<byte[]>();
        var words = await command();
        foreach (var topic in topics)
            told.Add(Encoding.UTF8.GetBytes(await ChildProcess.RunAsync($"to read {topic.Name}", Deadline, words[0], [.. words[1..], "consume", address, topic.Name, $"{topic.Records.Count}"])));
        return told;
    }
}
