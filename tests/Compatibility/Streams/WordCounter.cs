using System.Globalization;
using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Streams;

/// <summary><c>WordCount.java</c> on one topic of lines: an instance of an application, which may be killed and started again, and what that has written.</summary>
/// <param name="address">Of the broker that has its topics.</param>
/// <param name="name">The application's id; its counts go to a topic of that name.</param>
/// <param name="guarantee">Of Kafka Streams.</param>
/// <param name="commitMilliseconds">How often it commits.</param>
/// <param name="protocol">By which its group agrees; null for the classic one.</param>
internal sealed class WordCounter(string address, string name, string guarantee, int commitMilliseconds, string? protocol = null) : IAsyncDisposable
{
    public const string Lines = "lines";
    public const int Partitions = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("moldau-streams-");
    private TalkingProgram? _program;

    public async Task StartAsync()
    {
        string[] arguments = [address, name, guarantee, commitMilliseconds.ToString(CultureInfo.InvariantCulture), _state.FullName, Lines, name];
        _program = await TalkingProgram.StartJavaAsync($"word count {name}", "-Xmx256m", "WordCount", protocol is null ? arguments : [.. arguments, protocol]);
    }

    /// <summary>Waits until it has been given tasks.</summary>
    public Task WorksAsync() => _program!.LineAsync("works on", "wrong", Deadline);

    /// <summary>It commits what it has counted, and leaves its group.</summary>
    public async Task StopAsync()
    {
        await _program!.TellAsync("stop");
        await _program.LineAsync("stopped", "wrong", Deadline);
        await KillAsync();
    }

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
        foreach (var line in await Kcat.ReadCommittedAsync(address, name, "%k %s"))
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
