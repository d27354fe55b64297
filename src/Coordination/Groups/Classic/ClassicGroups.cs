using Moldau.Coordination.Shards;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>
/// The classic groups of a shard. Their records say who was in them when the last generation was settled; who is, and what
/// they wait for, is soft. Offsets that were committed without any group make an empty one.
/// </summary>
public sealed class ClassicGroups(GroupMachine machine) : IGroupProtocol
{
    private readonly DurableMap<string, GroupMetadataValue> _records = new(machine.Undo);
    private readonly Dictionary<string, ClassicGroup> _groups = new(StringComparer.Ordinal);

    public IEnumerable<Group> All
    {
        get
        {
            foreach (var name in _groups.Keys.Concat(_records.Keys).Concat(machine.Offsets.Store.Groups).Distinct(StringComparer.Ordinal).ToList())
            {
                if (Find(name) is { } group) yield return group;
            }
        }
    }

    public Group? Find(string name) => FindClassic(name);

    internal ClassicGroup? FindClassic(string name)
    {
        if (_groups.TryGetValue(name, out var group)) return group;
        return _records.Contains(name) || machine.Offsets.Store.Has(name) ? Ensure(name) : null;
    }

    /// <summary>The group, made where there is none.</summary>
    internal ClassicGroup Ensure(string name)
    {
        if (_groups.TryGetValue(name, out var group)) return group;
        _groups[name] = group = new ClassicGroup(name);
        return group;
    }

    public bool Replay(IMessage key, IMessage? value)
    {
        if (key is not GroupMetadataKey group) return false;
        if (value is GroupMetadataValue record)
        {
            _records.Set(group.Group, record);
            return true;
        }

        _records.Remove(group.Group);
        _groups.Remove(group.Group);
        return true;
    }

    public void Loaded(Outcome outcome)
    {
    }

    public bool Elapsed(ShardTimer timer, Outcome outcome) => false;

    public void RolledBack(Outcome outcome)
    {
    }

    public void Dropped(Outcome outcome)
    {
    }
}
