using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Moldau.Broker;

/// <summary>
/// How much each of the broker's loggers says, by Kafka's words. Set while running, gone with the process. The host's
/// logging asks <see cref="IsOn"/>.
/// </summary>
public sealed class LogLevels
{
    public const string Root = "root";

    private readonly ConcurrentDictionary<string, string> _levels = new(StringComparer.Ordinal) { [Root] = "INFO" };

    private static readonly SortedDictionary<string, LogLevel> Words = new(StringComparer.Ordinal)
    {
        ["TRACE"] = LogLevel.Trace, ["DEBUG"] = LogLevel.Debug, ["INFO"] = LogLevel.Information,
        ["WARN"] = LogLevel.Warning, ["ERROR"] = LogLevel.Error, ["FATAL"] = LogLevel.Critical,
    };

    /// <summary>The loggers there are; one that nobody has set says what the root's does.</summary>
    public static IReadOnlyList<string> Names { get; } = [Root, "Moldau.Network", "Moldau.Partitions", "Moldau.Coordinators", "Moldau.Broker", "Moldau.Audit"];

    public static IReadOnlyCollection<string> LevelNames => Words.Keys;

    public IEnumerable<(string Name, string Level)> All => Names.Select(name => (name, LevelOf(name)));

    public bool IsOn(string name, LogLevel level) => level >= Words[LevelOf(name)];

    public void Set(string name, string level) => _levels[name] = level;

    public void Unset(string name)
    {
        if (name != Root) _levels.TryRemove(name, out _);
    }

    public static bool IsLevel(string level) => Words.ContainsKey(level);

    private string LevelOf(string name) => _levels.TryGetValue(name, out var own) ? own : _levels[Root];
}
