using Moldau.Broker.Coordinators;
using Moldau.Coordination.Groups;

namespace Moldau.Broker.Diagnostics;

/// <summary>What the group coordinators say of their groups at one moment.</summary>
internal sealed class GroupFigures
{
    private readonly Dictionary<(string Kind, string State), int> _states = [];
    private readonly List<GroupLag> _lags = [];

    /// <summary>How many groups there are of each kind in each state.</summary>
    public IReadOnlyDictionary<(string Kind, string State), int> States => _states;

    /// <summary>Of each partition that a group has an offset for.</summary>
    public IReadOnlyList<GroupLag> Lags => _lags;

    public static async Task<GroupFigures> TakeAsync(BrokerServer broker)
    {
        var figures = new GroupFigures();
        if (broker.Coordinators is { } coordinators) await ShardReading.RunAsync(coordinators.Groups.Shards, broker.Clock, figures.Add).ConfigureAwait(false);
        return figures;
    }

    private void Add(GroupMachine machine)
    {
        // The shards tell on threads of their own.
        lock (_lags)
        {
            foreach (var group in machine.All)
            {
                var key = (group.Kind.ToString().ToLowerInvariant(), group.State);
                _states[key] = _states.GetValueOrDefault(key) + 1;
                foreach (var (part, offset) in machine.Offsets.Store.All(group.Name)) _lags.Add(new GroupLag(group.Name, part.Topic, part.Partition, offset.Offset));
            }
        }
    }
}
