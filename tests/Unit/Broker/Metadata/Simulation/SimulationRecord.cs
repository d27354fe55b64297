using System.Globalization;
using Moldau.Broker.Metadata;

namespace Moldau.Unit.Broker.Metadata.Simulation;

/// <summary>What lasts over the lives of a store: what was seen of it, and what was told.</summary>
internal sealed class SimulationRecord(int seed)
{
    private int _settings;

    public StoreWitness Witness { get; } = new();

    public UuidSource Ids { get; } = new(new Random(seed));

    /// <summary>The first ids of the blocks that were told.</summary>
    public HashSet<long> Blocks { get; } = [];

    /// <summary>What was come upon, so that a test can tell that it was enough.</summary>
    public Dictionary<string, int> Seen { get; } = [];

    public string NextSetting() => "value-" + (_settings++).ToString(CultureInfo.InvariantCulture);

    public void Note(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;
}
