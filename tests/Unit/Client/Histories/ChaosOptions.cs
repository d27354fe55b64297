using Moldau.Client.Consuming;
using Moldau.Client.Groups;
using Moldau.Client.Producing;

namespace Moldau.Unit.Client.Histories;

/// <summary>What a run is made of.</summary>
internal sealed record ChaosOptions
{
    public required int Seed { get; init; }

    public required TimeSpan Time { get; init; }

    public int Partitions { get; init; } = 4;

    public int Producers { get; init; } = 3;

    public int Consumers { get; init; } = 3;

    public GroupProtocol Protocol { get; init; } = GroupProtocol.Consumer;

    public ProducerOptions Producing { get; init; } = new() { Linger = TimeSpan.FromMilliseconds(1), DeliveryTimeout = TimeSpan.FromSeconds(20) };

    public ConsumerOptions Consuming { get; init; } = new() { CommitInterval = TimeSpan.FromMilliseconds(50), LongestWait = TimeSpan.FromMilliseconds(50) };

    /// <summary>Where faults are wanted for certain ones only; null for all kinds.</summary>
    public Func<Random, Chaos, Task>? Trouble { get; init; }
}
