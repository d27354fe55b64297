using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Records;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>A client behind a script that takes records as lines.</summary>
/// <param name="command">The program and what comes before the verb.</param>
internal class LineProducer(string name, int records, Func<Task<string[]>> command) : MatrixProducer(name, records)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public override async Task WriteAsync(string address, IReadOnlyList<(string Codec, IReadOnlyList<MatrixRecord> Records)> parts)
    {
        var words = await command();
        await ChildProcess.RunAsync($"{Name} to make its topic", Deadline, words[0], [.. words[1..], "create", address, Topic]);
        foreach (var (codec, part) in parts)
            await ChildProcess.RunAsync($"{Name} to write with {codec}", Deadline, words[0], [.. words[1..], "produce", address, Topic, codec], part.Select(static record => record.Line));
    }
}
