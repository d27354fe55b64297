using System.Globalization;
using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;

namespace Moldau.Compatibility.Streams;

/// <summary><c>WordCount.java</c> on one topic of lines: an application that may be killed and started again, and what it has written.</summary>
/// <param name="broker">Where its topics are.</param>
/// <param name="name">The application's id; its counts go to a topic of that name.</param>
/// <param name="guarantee">Of Kafka Streams.</param>
/// <param name="commitMilliseconds">How often it commits.</param>
internal sealed class WordCounter(SteadyBroker broker, string name, string guarantee, int commitMilliseconds) : IAsyncDisposable
{
    public const string Lines = "lines";
    public const int Partitions = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("moldau-streams-");
    private TalkingProgram? _program;

    public Task CreateTopicAsync() => broker.CreateTopicAsync(name, Partitions);

    public async Task StartAsync() => _program = await TalkingProgram.StartJavaAsync(
        $"word count {name}", "-Xmx256m", "WordCount", broker.Address, name, guarantee, commitMilliseconds.ToString(CultureInfo.InvariantCulture), _state.FullName, Lines, name);

    public async Task KillAsync()
    {
        await _program!.DisposeAsync();
        _program = null;
    }

    /// <summary>Waits until so many counts can be read.</summary>
    /// <returns>Those that are there then.</returns>
    public async Task<Dictionary<string, List<int>>> UntilAsync(int counts)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var there = await CountsAsync();
            var sum = there.Sum(static word => word.Value.Count);
            if (sum >= counts) return there;
            if (TimeProvider.System.GetElapsedTime(since) > Deadline) throw new TimeoutException($"waited {Deadline.TotalSeconds} s for {counts} counts of {name}, {sum} are there\n{_program?.Said}");
            await Task.Delay(50);
        }
    }

    /// <summary>The counts of each word, in the order in which they stand.</summary>
    public async Task<Dictionary<string, List<int>>> CountsAsync()
    {
        var counts = new Dictionary<string, List<int>>();
        foreach (var line in await Kcat.ReadCommittedAsync(broker.Address, name, "%k %s"))
        {
            var parts = line.Split(' ');
            if (!counts.TryGetValue(parts[0], out var list)) counts[parts[0]] = list = [];
            list.Add(int.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        return counts;
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        _state.Delete(recursive: true);
    }
}
