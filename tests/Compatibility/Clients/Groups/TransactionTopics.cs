using Moldau.Compatibility.Clients.Matrix;
using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Clients.Groups;

/// <summary>A broker of ours, and on it a topic of each writer with what it committed and aborted.</summary>
public sealed class TransactionTopics : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly OurBroker _broker = new();

    public string Address => _broker.Address;

    internal static IReadOnlyList<TransactionWriter> Writers { get; } = [.. TransactionWriter.All.Where(static writer => writer.IsThere)];

    public async ValueTask InitializeAsync()
    {
        await _broker.InitializeAsync();
        foreach (var writer in Writers) await CreateAsync(writer.Topic);
        await Task.WhenAll(Writers.Select(writer => writer.WriteAsync(Address, writer.Topic, writer.Name)));
    }

    /// <summary>A topic of three partitions.</summary>
    public async Task CreateAsync(string topic)
    {
        var words = await NodeClients.CommandAsync("groups");
        await ChildProcess.RunAsync($"to make {topic}", Deadline, words[0], [.. words[1..], "create", Address, topic, "3"]);
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();
}
